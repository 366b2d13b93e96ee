package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kailash.certification.load.HttpOperation.Truth;
import io.kailash.certification.load.HttpTarget.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * What moves many items at once: batches, streams, files in, files out, background tasks. A request
 * that becomes a job counts until the job is done, and its figures are looked at.
 */
abstract class TransferOperation implements Operation {

  private static final String LINES = "application/x-ndjson";
  private static final int ITEMS_OF_A_BATCH = 100;
  private static final int UPLOAD_BYTES = 1_000_000;
  private static final int DESCRIPTION_WORDS = 1_000;

  // As in texts: few words often, most of them seldom. Words that occur once and never again would
  // measure how an index of words grows, not how files are taken in.
  private static final Zipf WORDS = new Zipf(50_000, 1.01);
  private static final int FIRST_WORD = 36 * 36 * 36;
  private static final long POLL_MILLIS = 20;
  private static final long LIMIT_NANOS = 300_000_000_000L;

  final HttpTarget target;
  final Truth truth;

  TransferOperation(HttpTarget target, Truth truth) {
    this.target = target;
    this.truth = truth;
  }

  static Operation of(String name, HttpTarget target, Truth truth) throws IOException {
    return switch (name) {
      case "batch" -> new Batch(target, truth, ITEMS_OF_A_BATCH);
      case "task" -> new Batch(target, truth, 1);
      case "stream" -> new Stream(target, truth);
      case "upload" -> new Upload(target, truth);
      case "export" -> new Export(target, truth);
      default -> throw new IOException("operation '" + name + "' is not known");
    };
  }

  static boolean isOneOfThem(String name) {
    return List.of("batch", "task", "stream", "stream.first_byte", "upload", "export")
        .contains(name);
  }

  byte[] lines(int count, SplittableRandom random) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      GeneratedCatalog.Item item = truth.anyItem(random);
      ObjectNode line = LoadOrder.json().createObjectNode();
      line.put("ref", Integer.toString(i)).put("title", item.title()).put("brand", item.brand());
      lines.append(LoadOrder.json().writeValueAsString(line)).append('\n');
    }
    return lines.toString().getBytes(UTF_8);
  }

  static Looked wrong(Reply reply, String problem) {
    return new Looked(
        Integer.toString(reply.status()),
        reply.body().length,
        reply.sentBytes(),
        0,
        problem,
        List.of());
  }

  /** The job that an answer names, when it is done. */
  JsonNode ended(Reply accepted) throws IOException, InterruptedException {
    String job = target.read(accepted.body()).path("job").asText();
    long began = System.nanoTime();
    while (true) {
      JsonNode now = target.get("/api/v1/jobs/" + job);
      String status = now.path("status").asText();
      if (!status.equals("queued") && !status.equals("running")) {
        return now;
      }
      if (System.nanoTime() - began > LIMIT_NANOS) {
        throw new IOException("job did not end");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Some items as a job. */
  private static final class Batch extends TransferOperation {
    private final int items;

    Batch(HttpTarget target, Truth truth, int items) {
      super(target, truth);
      this.items = items;
    }

    @Override
    public Request next(SplittableRandom random) throws IOException {
      byte[] body = lines(items, random);
      return () -> {
        Reply reply =
            target.send(
                target.request(
                    "POST",
                    "/api/v1/batch/classify?as=job&taxonomy=" + truth.taxonomy(),
                    30,
                    LINES,
                    body));
        if (reply.status() != 202) {
          return wrong(reply, "status " + reply.status());
        }
        JsonNode job = ended(reply);
        String problem =
            !job.path("status").asText().equals("succeeded")
                ? "job is " + job.path("status").asText()
                : job.path("result").path("done").asInt(-1) != items
                    ? "not every item of the batch was done"
                    : null;
        return wrong(reply, problem);
      };
    }
  }

  /** Some items, answered as they are done. */
  private static final class Stream extends TransferOperation {
    Stream(HttpTarget target, Truth truth) {
      super(target, truth);
    }

    @Override
    public Request next(SplittableRandom random) throws IOException {
      byte[] body = lines(ITEMS_OF_A_BATCH, random);
      HttpUriRequestBase request =
          target.request(
              "POST", "/api/v1/batch/classify?taxonomy=" + truth.taxonomy(), 30, LINES, body);
      request.setHeader("Accept", LINES);
      return () -> {
        long began = System.nanoTime();
        return target
            .client()
            .execute(
                request,
                answer -> {
                  if (answer.getCode() != 200) {
                    EntityUtils.consume(answer.getEntity());
                    return new Looked(
                        Integer.toString(answer.getCode()),
                        0,
                        body.length,
                        0,
                        "status " + answer.getCode(),
                        List.of());
                  }
                  return read(answer.getEntity().getContent(), began, body.length);
                });
      };
    }

    private Looked read(InputStream content, long began, int sent) throws IOException {
      BitSet seen = new BitSet();
      String problem = null;
      long bytes = 0;
      long first = 0;
      try (BufferedReader reader = new BufferedReader(new InputStreamReader(content, UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          if (first == 0) {
            first = System.nanoTime() - began;
          }
          bytes += line.length() + 1;
          JsonNode one = LoadOrder.json().readTree(line);
          int ref = one.path("ref").asInt(-1);
          if (ref < 0 || ref >= ITEMS_OF_A_BATCH || seen.get(ref)) {
            problem = "a line is about another item, or comes twice";
          } else {
            seen.set(ref);
            String wrong = HttpOperation.wrongClassification(truth, one.path("classification"));
            problem = wrong == null ? problem : wrong;
          }
        }
      }
      if (problem == null && seen.cardinality() != ITEMS_OF_A_BATCH) {
        problem = "not every item was answered";
      }
      return new Looked(
          "200", bytes, sent, 0, problem, List.of(new Further("stream.first_byte", first)));
    }
  }

  /**
   * A file of a megabyte with items of long descriptions, until it is loaded. No two files hold the
   * same.
   */
  private static final class Upload extends TransferOperation {
    Upload(HttpTarget target, Truth truth) {
      super(target, truth);
    }

    @Override
    public Request next(SplittableRandom random) throws IOException {
      StringBuilder file = new StringBuilder(UPLOAD_BYTES + 20_000);
      int from = random.nextInt(1 << 30);
      int rows = 0;
      while (file.length() < UPLOAD_BYTES) {
        GeneratedCatalog.Item item = truth.anyItem(random);
        ObjectNode row = LoadOrder.json().createObjectNode();
        StringBuilder description = new StringBuilder(item.title());
        for (int w = 0; w < DESCRIPTION_WORDS; w++) {
          description.append(' ').append(Integer.toString(FIRST_WORD + WORDS.draw(random), 36));
        }
        row.put("sku", "load-upload-" + from + "-" + rows)
            .put("title", item.title())
            .put("brand", item.brand())
            .put("hidden", true)
            .put("description", description.toString());
        file.append(LoadOrder.json().writeValueAsString(row)).append('\n');
        rows++;
      }
      byte[] body = file.toString().getBytes(UTF_8);
      int expected = rows;
      return () -> {
        Reply reply =
            target.send(
                target.request(
                    "POST", "/api/v1/uploads?kind=items&format=ndjson", 300, LINES, body));
        if (reply.status() != 202) {
          return wrong(reply, "status " + reply.status());
        }
        JsonNode job = ended(reply);
        String problem =
            !job.path("status").asText().equals("succeeded")
                ? "job is " + job.path("status").asText()
                : job.path("result").path("rejected").asLong(-1) != 0
                    ? "rows were refused"
                    : job.path("result").path("written").asLong(-1) != expected
                        ? "not every row was loaded"
                        : null;
        return wrong(reply, problem);
      };
    }
  }

  /** All items as NDJSON, streamed; every line is looked at for its end only. */
  private static final class Export extends TransferOperation {
    Export(HttpTarget target, Truth truth) {
      super(target, truth);
    }

    @Override
    public Request next(SplittableRandom random) {
      HttpUriRequestBase request =
          target.request("GET", "/api/v1/exports/items?format=ndjson", 300);
      return () -> {
        long began = System.nanoTime();
        return target
            .client()
            .execute(
                request,
                answer -> {
                  if (answer.getCode() != 200) {
                    EntityUtils.consume(answer.getEntity());
                    return new Looked(
                        Integer.toString(answer.getCode()),
                        0,
                        0,
                        0,
                        "status " + answer.getCode(),
                        List.of());
                  }
                  long bytes = 0;
                  long lines = 0;
                  int last = '\n';
                  byte[] buffer = new byte[64 * 1024];
                  long first = 0;
                  try (InputStream content = answer.getEntity().getContent()) {
                    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                      if (first == 0) {
                        first = System.nanoTime() - began;
                      }
                      for (int i = 0; i < n; i++) {
                        lines += buffer[i] == '\n' ? 1 : 0;
                      }
                      bytes += n;
                      last = n == 0 ? last : buffer[n - 1];
                    }
                  }
                  String problem =
                      last != '\n'
                          ? "the last line is cut off"
                          : lines < truth.items() ? "fewer items than there are" : null;
                  return new Looked("200", bytes, 0, 0, problem, List.of());
                });
      };
    }
  }
}
