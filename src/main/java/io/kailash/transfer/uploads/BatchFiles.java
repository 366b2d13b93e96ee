package io.kailash.transfer.uploads;

import io.kailash.platform.ProblemException;
import io.kailash.transfer.uploads.Packed.Counted;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** The door to uploads of the kind {@code batch}: files whose rows are to be classified. */
@Singleton
public class BatchFiles {
  private final UploadStore store;
  private final UploadFiles files;

  @Inject
  BatchFiles(UploadStore store, UploadFiles files) {
    this.store = store;
    this.files = files;
  }

  /**
   * A row.
   *
   * @param line in which it begins, from 1
   * @param wrong why it cannot be read; null where it can
   */
  public record Line(
      long line,
      String ref,
      String taxonomy,
      String sku,
      String title,
      String brand,
      String description,
      String supplierCategory,
      String url,
      String wrong) {}

  /** The rows of a file, in their order; the same file is always read as the same rows. */
  public interface Lines extends Closeable {
    /**
     * The next row; null at the end.
     *
     * @throws ProblemException 422 where the rest of the file cannot be read
     */
    Line next() throws IOException;

    /** How much of the file was read, from 0 to 1. */
    double share();
  }

  /**
   * Looks whether an upload can be classified, and notes the job that does.
   *
   * @throws ProblemException 404 where there is none, 409 where it is of another kind or not whole
   */
  public void give(UUID upload, UUID job) {
    Upload found = store.require(upload);
    if (found.kind() != UploadKind.BATCH) {
      throw ProblemException.conflict(
          "upload-kind",
          "Another kind of upload",
          "the upload is of the kind "
              + found.kind().text()
              + "; only the rows of one of the kind batch are classified from the file");
    }
    if (!store.give(upload, job)) {
      throw ProblemException.conflict(
          "upload-not-whole", "Upload is not whole", "the upload is " + found.status());
    }
  }

  /**
   * Opens a file from its beginning.
   *
   * @param heed called again and again while the file is looked at; may throw
   * @throws ProblemException 404 where it is not there any more, 422 where it cannot be read
   */
  public Lines open(UUID id, Runnable heed) throws IOException {
    Upload upload = store.require(id);
    files
        .verify(upload, heed)
        .ifPresent(
            why -> {
              throw unreadable(why);
            });
    Counted sent = new Counted(files.bytes(upload));
    try {
      return new Read(files.rows(upload, sent), sent, upload.receivedBytes());
    } catch (UnreadableFileException wrong) {
      throw unreadable(wrong.getMessage());
    }
  }

  private static ProblemException unreadable(String why) {
    return new ProblemException(422, "unreadable-file", "Unreadable file", why, List.of());
  }

  private record Read(RowReader rows, Counted sent, long bytes) implements Lines {
    @Override
    public Line next() throws IOException {
      Row row;
      try {
        row = rows.next();
      } catch (UnreadableFileException cut) {
        throw unreadable(cut.getMessage());
      }
      if (row == null) {
        return null;
      }
      if (row.wrong() != null) {
        String column = row.wrong().column();
        return new Line(
            row.line(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            (column == null ? "the row " : column + " ") + row.wrong().reason());
      }
      // In the order of UploadKind.BATCH.
      String[] v = row.values();
      return new Line(row.line(), v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], null);
    }

    @Override
    public double share() {
      return Math.min(1, (double) sent.bytes() / bytes);
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }
}
