package io.kailash.transfer.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.kailash.jobs.JobFileWriter;
import io.kailash.jobs.JobFiles;
import io.kailash.jobs.Jobs;
import io.kailash.platform.Json;
import io.kailash.platform.JsonBody;
import io.kailash.platform.ProblemException;
import io.kailash.transfer.uploads.BatchFiles;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;

/** Takes in what a batch job is to work on, of any size, and queues the job. */
@Singleton
class BatchIntake {
  private static final String ITEMS = "items.ndjson";
  private static final int BUFFER = 64 * 1024;

  private final Jobs jobs;
  private final JobFiles files;
  private final BatchFiles uploads;
  private final BatchSettings settings;

  @Inject
  BatchIntake(Jobs jobs, JobFiles files, BatchFiles uploads, BatchSettings settings) {
    this.jobs = jobs;
    this.files = files;
    this.uploads = uploads;
    this.settings = settings;
  }

  /**
   * Stores the items and queues their job. Where the body breaks off nothing is queued, and what
   * was stored goes with the next cleaning.
   *
   * @param array whether the body is a JSON array; else it is lines of JSON
   * @return the job's id
   */
  UUID take(InputStream body, boolean array, BatchWishes wishes, String caller) throws IOException {
    UUID id = jobs.newId();
    long items;
    try (JobFileWriter file = files.create(id, ITEMS, "application/x-ndjson")) {
      Limited limited = new Limited(file);
      items = array ? elements(body, limited) : lines(body, limited);
      file.complete();
    }
    if (items == 0) {
      throw ProblemException.malformed("the body has no items");
    }
    return jobs.submit(
        id,
        items <= SmallBatchJob.MOST_ITEMS ? SmallBatchJob.KIND : BatchJob.KIND,
        id.toString(),
        new BatchOrder(
            wishes.taxonomy(), wishes.explain(), wishes.alternatives(), ITEMS, null, null, items),
        caller);
  }

  /** Queues a job on a selection of the catalog; one that is under way already is the answer. */
  UUID select(String selection, BatchWishes wishes, String caller) {
    return jobs.submit(
        BatchJob.KIND,
        selection + " " + (wishes.taxonomy() == null ? "" : wishes.taxonomy()),
        new BatchOrder(
            wishes.taxonomy(),
            wishes.explain(),
            wishes.alternatives(),
            null,
            selection,
            null,
            null),
        caller);
  }

  /**
   * Queues a job on an uploaded file; one that is under way already is the answer.
   *
   * @throws ProblemException 404 where there is no such upload, 409 where it cannot be classified
   */
  @Transactional
  UUID uploaded(UUID upload, BatchWishes wishes, String caller) {
    UUID job =
        jobs.submit(
            BatchJob.KIND,
            "upload " + upload + " " + (wishes.taxonomy() == null ? "" : wishes.taxonomy()),
            new BatchOrder(
                wishes.taxonomy(),
                wishes.explain(),
                wishes.alternatives(),
                null,
                null,
                upload,
                null),
            caller);
    uploads.give(upload, job);
    return job;
  }

  private static long lines(InputStream body, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long items = 0;
    boolean blank = true;
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      for (int i = 0; i < count; i++) {
        if (buffer[i] == '\n') {
          items += blank ? 0 : 1;
          blank = true;
        } else if (blank && !BatchBody.isBlank(buffer[i])) {
          blank = false;
        }
      }
      out.write(buffer, 0, count);
    }
    return items + (blank ? 0 : 1);
  }

  /** Writes each element as a line. */
  private static long elements(InputStream body, OutputStream out) throws IOException {
    long items = 0;
    try (JsonParser parser = Json.MAPPER.getFactory().createParser(body);
        JsonGenerator lines =
            Json.MAPPER.getFactory().createGenerator(out).setRootValueSeparator(null)) {
      lines.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw ProblemException.malformed("", "is not an array of items");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == null) {
          throw ProblemException.malformed("the body ends within the array");
        }
        lines.copyCurrentStructure(parser);
        lines.writeRaw('\n');
        items++;
      }
    } catch (JsonProcessingException wrong) {
      throw JsonBody.refusal(wrong);
    }
    return items;
  }

  /** Refuses what is larger than allowed; also what unpacks to more. */
  private final class Limited extends OutputStream {
    private final OutputStream file;
    private long written;

    Limited(OutputStream file) {
      this.file = file;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      written += count;
      if (written > (long) settings.maxJobMegabytes() << 20) {
        throw ProblemException.tooLarge(
            "a batch may have "
                + settings.maxJobMegabytes()
                + " MB (setting kailash.batch.max-job-megabytes)");
      }
      file.write(bytes, from, count);
    }
  }
}
