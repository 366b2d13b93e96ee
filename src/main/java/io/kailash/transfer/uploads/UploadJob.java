package io.kailash.transfer.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.kailash.jobs.JobFailedException;
import io.kailash.jobs.JobFileWriter;
import io.kailash.jobs.JobFiles;
import io.kailash.jobs.JobKind;
import io.kailash.jobs.JobRun;
import io.kailash.jobs.JobTroubleException;
import io.kailash.platform.Json;
import io.kailash.platform.LargeFiles;
import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.taxonomy.ImportResult;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import io.kailash.taxonomy.TaxonomyFormat;
import io.kailash.transfer.uploads.Packed.Counted;
import io.kailash.transfer.uploads.Row.Wrong;
import io.kailash.transfer.uploads.UploadStore.Rejected;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Loads a file that was received whole. Goes on where a run before it ended. */
@Singleton
class UploadJob implements JobKind {
  static final String NAME = "upload";
  private static final long LARGE = 16 << 20;
  private static final String REJECTED_CSV = "rejected.csv";
  private static final String REJECTED_NDJSON = "rejected.ndjson";

  private final UploadStore store;
  private final UploadFiles uploads;
  private final Loadings loadings;
  private final ChunkWriter writer;
  private final Taxonomies taxonomies;
  private final JobFiles files;
  private final UploadFigures figures;
  private final Handover handover;
  private final LargeFiles largeFiles;
  private final UploadSettings settings;

  @Resource ManagedExecutorService threads;

  @Inject
  UploadJob(
      UploadStore store,
      UploadFiles uploads,
      Loadings loadings,
      ChunkWriter writer,
      Taxonomies taxonomies,
      JobFiles files,
      UploadFigures figures,
      Handover handover,
      LargeFiles largeFiles,
      Settings settings) {
    this.store = store;
    this.uploads = uploads;
    this.loadings = loadings;
    this.writer = writer;
    this.taxonomies = taxonomies;
    this.files = files;
    this.figures = figures;
    this.handover = handover;
    this.largeFiles = largeFiles;
    this.settings = UploadSettings.read(settings);
  }

  /**
   * What came of a file.
   *
   * @param written rows that were new or changed something
   * @param unchanged rows that were stored like this already
   * @param rejected rows that were not taken
   * @param rejectedFile name of the job's file that names them; null where there is none
   */
  record Result(
      UUID upload,
      String kind,
      long rows,
      long written,
      long unchanged,
      long rejected,
      String rejectedFile) {}

  /** What came of a taxonomy. */
  record TaxonomyResult(
      UUID upload, String kind, String taxonomy, int version, boolean created, int categories) {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int atOnce() {
    return settings.atOnce();
  }

  @Override
  public int attempts() {
    return 5;
  }

  @Override
  public Object run(JobRun run) {
    Upload upload = store.require(UUID.fromString(run.subject()));
    try {
      if (upload.status().equals(Upload.RECEIVED)) {
        verify(run, upload);
      }
      return upload.kind() == UploadKind.TAXONOMY
          ? taxonomy(run, upload)
          : rows(run, upload, loadings.of(upload));
    } catch (IOException failure) {
      throw new JobTroubleException("the stored file cannot be read", failure);
    }
  }

  private void verify(JobRun run, Upload upload) throws IOException {
    if (upload.sha256() != null || upload.sha256Wanted() == null || run.checkpoint() != null) {
      return;
    }
    run.progress("checking the digest", 0);
    uploads
        .verify(upload, run::heed)
        .ifPresent(
            why -> {
              throw failed(upload, why, null);
            });
  }

  private JobFailedException failed(Upload upload, String why, Throwable cause) {
    store.end(upload.id(), Upload.FAILED, why);
    return new JobFailedException(why, cause);
  }

  private <T> Result rows(JobRun run, Upload upload, Loading<T> loading) throws IOException {
    Marks marks = marks(run.checkpoint());
    if (upload.status().equals(Upload.LOADED)) {
      return result(run, upload, marks);
    }
    try (LargeFiles.Taking taking = large(upload);
        Counted sent = new Counted(uploads.bytes(upload))) {
      Marks done;
      try (RowReader reader = uploads.rows(upload, sent)) {
        done =
            new Load<>(
                    run,
                    upload,
                    loading,
                    reader,
                    marks,
                    writer,
                    threads,
                    figures,
                    settings,
                    () -> (double) sent.bytes() / upload.receivedBytes())
                .toTheEnd();
      }
      Result result = result(run, upload, done);
      handover.loaded(upload, done);
      return result;
    } catch (UnreadableFileException unreadable) {
      Marks done = marks(run.checkpoint());
      rejectedFile(run, upload, done);
      throw failed(
          upload,
          unreadable.getMessage()
              + (done.done() == 0
                  ? "; nothing was loaded"
                  : "; the "
                      + done.done()
                      + " rows before that were loaded: "
                      + done.written()
                      + " written, "
                      + done.unchanged()
                      + " unchanged, "
                      + done.rejected()
                      + " rejected"),
          unreadable);
    }
  }

  /** Null where what else is to be done need not wait. */
  private LargeFiles.Taking large(Upload upload) {
    return upload.receivedBytes() < LARGE ? null : largeFiles.begin();
  }

  private static Marks marks(JsonNode checkpoint) {
    try {
      return checkpoint == null ? Marks.NONE : Json.MAPPER.treeToValue(checkpoint, Marks.class);
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException("a checkpoint of an upload cannot be read", damaged);
    }
  }

  private Result result(JobRun run, Upload upload, Marks marks) throws IOException {
    return new Result(
        upload.id(),
        upload.kind().text(),
        marks.written() + marks.unchanged() + marks.rejected(),
        marks.written(),
        marks.unchanged(),
        marks.rejected(),
        rejectedFile(run, upload, marks));
  }

  /** Writes the refused rows as a file of the job, in the form of the upload. */
  private String rejectedFile(JobRun run, Upload upload, Marks marks) throws IOException {
    if (marks.rejected() == 0) {
      return null;
    }
    boolean lines = UploadOptions.NDJSON.equals(upload.options().format());
    String name = lines ? REJECTED_NDJSON : REJECTED_CSV;
    try (JobFileWriter bytes =
            files.create(run.id(), name, lines ? "application/x-ndjson" : "text/csv");
        Writer text = new BufferedWriter(new OutputStreamWriter(bytes, UTF_8), 1 << 14)) {
      if (lines) {
        store.forEachRejected(
            upload.id(),
            (line, column, reason) -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("line", line);
              if (column != null) {
                row.put("column", column);
              }
              row.put("reason", reason);
              text.write(Json.MAPPER.writeValueAsString(row));
              text.write('\n');
            });
      } else {
        CsvWriter csv = CsvWriter.builder().build(text);
        csv.writeRecord("line", "column", "reason");
        store.forEachRejected(
            upload.id(),
            (line, column, reason) ->
                csv.writeRecord(Long.toString(line), column == null ? "" : column, reason));
        csv.flush();
      }
      text.flush();
      bytes.complete();
    }
    return name;
  }

  private TaxonomyResult taxonomy(JobRun run, Upload upload) throws IOException {
    String format = upload.options().format();
    if (upload.status().equals(Upload.LOADED)) {
      // A run before this one ended between its work and the word of it.
      Taxonomy there = taxonomies.require(upload.options().taxonomy());
      return new TaxonomyResult(
          upload.id(),
          upload.kind().text(),
          there.code(),
          there.version(),
          false,
          there.categories().size());
    }
    try (Counted sent = new Counted(uploads.bytes(upload));
        InputStream file = Packed.open(sent, settings)) {
      run.progress("importing", 0);
      ImportResult imported =
          taxonomies.importVersion(
              upload.createdBy(),
              upload.options().taxonomy(),
              upload.options().name(),
              false,
              format == null ? null : taxonomyFormat(format),
              new EndingWithALine(file));
      store.end(upload.id(), Upload.LOADED, null);
      return new TaxonomyResult(
          upload.id(),
          upload.kind().text(),
          imported.taxonomy(),
          imported.version(),
          imported.created(),
          imported.categories());
    } catch (UnreadableFileException unreadable) {
      throw failed(upload, unreadable.getMessage(), unreadable);
    } catch (ProblemException refused) {
      List<Rejected> wrong = new ArrayList<>();
      for (Problem.Violation error : refused.problem().errors()) {
        wrong.add(new Rejected(line(error.pointer()), new Wrong(null, error.detail())));
      }
      store.reject(upload.id(), wrong);
      rejectedFile(run, upload, new Marks(0, List.of(), 0, 0, wrong.size(), wrong.size()));
      throw failed(upload, refused.problem().detail(), refused);
    }
  }

  private static long line(String pointer) {
    String digits = pointer.replaceAll("\\D", "");
    return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
  }

  static TaxonomyFormat taxonomyFormat(String text) {
    return Arrays.stream(TaxonomyFormat.values())
        .filter(format -> format.text().equals(text.equals(UploadOptions.NDJSON) ? "json" : text))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.invalid(
                    "?format",
                    "is not one of "
                        + Arrays.stream(TaxonomyFormat.values())
                            .map(TaxonomyFormat::text)
                            .toList()));
  }
}
