package io.kailash.transfer.uploads;

import io.kailash.jobs.JobRun;
import io.kailash.transfer.uploads.Loading.Written;
import io.kailash.transfer.uploads.UploadStore.Rejected;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Writes a chunk in one transaction: its rows, its refused rows, and the mark that it is behind.
 */
@Singleton
class ChunkWriter {
  private final UploadStore store;
  private final DataSource database;

  @Inject
  ChunkWriter(UploadStore store, DataSource database) {
    this.store = store;
    this.database = database;
  }

  /**
   * Rows that go together.
   *
   * @param rows numbers of all of them, the refused ones too
   * @param lines of the checked ones, by their place
   * @param refused before they were written
   */
  record Chunk<T>(Marks.Stretch rows, List<T> checked, List<Long> lines, List<Rejected> refused) {}

  /**
   * Writes a chunk.
   *
   * @param marked says what the marks are with this chunk, and keeps others from marking until this
   *     transaction has ended
   */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  <T> void write(JobRun run, UUID upload, Chunk<T> chunk, Loading<T> loading, Load.Marking marked) {
    Written written = loading.write(chunk.checked());
    List<Rejected> refused = new ArrayList<>(chunk.refused());
    written
        .refused()
        .forEach((place, wrong) -> refused.add(new Rejected(chunk.lines().get(place), wrong)));
    long rows = refused.stream().mapToLong(Rejected::line).distinct().count();
    store.reject(upload, marked.kept(refused));
    try (Connection connection = database.getConnection()) {
      run.checkpoint(connection, marked.with(chunk.rows(), written, rows));
    } catch (SQLException failure) {
      throw new IllegalStateException("a chunk cannot be marked", failure);
    }
  }
}
