package io.kailash.transfer.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.catalog.Selection;
import io.kailash.classification.Classifier;
import io.kailash.jobs.JobFailedException;
import io.kailash.jobs.JobFileWriter;
import io.kailash.jobs.JobFiles;
import io.kailash.jobs.JobKind;
import io.kailash.jobs.JobRun;
import io.kailash.jobs.JobTroubleException;
import io.kailash.platform.Json;
import io.kailash.platform.ProblemException;
import io.kailash.transfer.uploads.BatchFiles;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/**
 * Classifies the items of a file or a selection, and writes a file with a line for each, in their
 * order. What a chunk wrote, its decisions and the checkpoint commit together.
 */
@Singleton
class BatchJob implements JobKind {
  static final String KIND = "batch-classification";
  static final String RESULTS = "results.ndjson";
  private static final int ATTEMPTS = 5;
  private static final int PIECES = 4;

  private final BatchClassifier batches;
  private final Classifier classifier;
  private final Selection selection;
  private final JobFiles files;
  private final BatchFiles uploads;
  private final DataSource database;
  private final BatchSettings settings;

  @Inject
  BatchJob(
      BatchClassifier batches,
      Classifier classifier,
      Selection selection,
      JobFiles files,
      BatchFiles uploads,
      DataSource database,
      BatchSettings settings) {
    this.batches = batches;
    this.classifier = classifier;
    this.selection = selection;
    this.files = files;
    this.uploads = uploads;
    this.database = database;
    this.settings = settings;
  }

  /**
   * Where to go on.
   *
   * @param place in the source
   * @param number of the line before it
   * @param bytes of results that are written
   * @param extent of a selection when the work began
   */
  record Progress(
      long place, long number, long bytes, long done, long failed, Selection.Extent extent) {}

  /** What came of it. */
  record Outcome(long items, long done, long failed, String results, String sha256) {}

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public int atOnce() {
    return settings.jobsAtOnce();
  }

  @Override
  public int attempts() {
    return ATTEMPTS;
  }

  @Override
  public Object run(JobRun run) {
    BatchOrder order = read(run.parameters(), BatchOrder.class);
    Progress at;
    try {
      if (order.taxonomy() != null) {
        classifier.requireModel(order.taxonomy());
      }
      at = run.checkpoint() == null ? begin(order) : read(run.checkpoint(), Progress.class);
    } catch (ProblemException impossible) {
      throw new JobFailedException(impossible.problem().detail(), impossible);
    }
    try (BatchSource source = source(run, order, at);
        JobFileWriter results =
            files.append(run.id(), RESULTS, "application/x-ndjson", at.bytes())) {
      return classify(run, order.wishes(), source, results, at);
    } catch (ProblemException unreadable) {
      throw new JobFailedException(unreadable.problem().detail(), unreadable);
    } catch (SQLException | IOException failure) {
      throw new JobTroubleException("the store of files and jobs does not answer", failure);
    }
  }

  private Progress begin(BatchOrder order) {
    return new Progress(
        0, 0, 0, 0, 0, order.selection() == null ? null : selection.extent(unlabelledIn(order)));
  }

  private BatchSource source(JobRun run, BatchOrder order, Progress at) throws IOException {
    if (order.upload() != null) {
      return new UploadedLines(uploads.open(order.upload(), run::heed), at.place());
    }
    return order.selection() == null
        ? new StoredLines(
            files.open(run.id(), order.file(), at.place()),
            settings.maxLineBytes(),
            at.place(),
            at.number(),
            order.items())
        : new SelectedItems(selection, unlabelledIn(order), at.extent(), at.place(), at.number());
  }

  private static String unlabelledIn(BatchOrder order) {
    return order.selection().equals(BatchOrder.UNLABELLED) ? order.taxonomy() : null;
  }

  private Outcome classify(
      JobRun run, BatchWishes wishes, BatchSource source, JobFileWriter results, Progress begun)
      throws SQLException, IOException {
    long done = begun.done();
    long failed = begun.failed();
    run.count(done, failed, source.total());
    List<Future<BatchClassifier.Answers>> ahead = submit(source.next(settings.jobChunk()), wishes);
    while (!ahead.isEmpty()) {
      run.heed();
      List<Future<BatchClassifier.Answers>> pieces = ahead;
      long place = source.place();
      long number = source.number();
      // While this chunk is written the next is classified.
      List<BatchLine> next = source.next(settings.jobChunk());
      List<BatchClassifier.Answers> answers = taken(pieces);
      ahead = submit(next, wishes);
      for (BatchClassifier.Answers some : answers) {
        done += some.done();
        failed += some.failed();
      }
      long bytes = store(run, results, answers, place, number, done, failed, begun.extent());
      if (bytes != results.durable()) {
        throw new IllegalStateException("results and checkpoint differ");
      }
      run.count(done, failed, source.total());
    }
    byte[] sha256 = results.complete();
    return new Outcome(
        done + failed,
        done,
        failed,
        "/api/v1/jobs/" + run.id() + "/files/" + RESULTS,
        HexFormat.of().formatHex(sha256));
  }

  private List<Future<BatchClassifier.Answers>> submit(List<BatchLine> lines, BatchWishes wishes) {
    List<Future<BatchClassifier.Answers>> pieces = new ArrayList<>();
    int size = Math.max(1, (lines.size() + PIECES - 1) / PIECES);
    for (int from = 0; from < lines.size(); from += size) {
      List<BatchLine> piece = lines.subList(from, Math.min(lines.size(), from + size));
      pieces.add(batches.workers().submit(() -> batches.classify(piece, wishes, false, false)));
    }
    return pieces;
  }

  private static List<BatchClassifier.Answers> taken(List<Future<BatchClassifier.Answers>> pieces) {
    try {
      List<BatchClassifier.Answers> answers = new ArrayList<>();
      for (Future<BatchClassifier.Answers> piece : pieces) {
        answers.add(piece.get());
      }
      return answers;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new JobTroubleException("the instance stops", stopping);
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a chunk could not be classified", failure.getCause());
    }
  }

  /** Returns how many bytes of results there are afterwards. */
  private long store(
      JobRun run,
      JobFileWriter results,
      List<BatchClassifier.Answers> answers,
      long place,
      long number,
      long done,
      long failed,
      Selection.Extent extent)
      throws SQLException, IOException {
    long bytes = results.durable();
    List<Classifier.Classified> classified = new ArrayList<>();
    for (BatchClassifier.Answers some : answers) {
      bytes += some.bytes().length;
      classified.addAll(some.classified());
    }
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        run.checkpoint(connection, new Progress(place, number, bytes, done, failed, extent));
        for (BatchClassifier.Answers some : answers) {
          results.append(connection, some.bytes(), 0, some.bytes().length);
        }
        classifier.log(connection, classified);
        connection.commit();
      } catch (SQLException | RuntimeException failure) {
        connection.rollback();
        throw failure;
      } finally {
        connection.setAutoCommit(true);
      }
    }
    return bytes;
  }

  private static <T> T read(JsonNode json, Class<T> type) {
    try {
      return Json.MAPPER.treeToValue(json, type);
    } catch (JsonProcessingException damaged) {
      throw new JobFailedException("the order of this job cannot be read", damaged);
    }
  }
}
