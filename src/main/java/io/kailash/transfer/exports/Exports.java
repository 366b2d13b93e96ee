package io.kailash.transfer.exports;

import io.kailash.platform.OwnConnections;
import io.kailash.taxonomy.Taxonomies;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Writes what is stored to a stream, as of one moment: one COPY, which is one snapshot. Rows are
 * fetched as fast as they are taken and no faster.
 */
@Singleton
class Exports {
  private static final Duration LONGEST_WAIT_FOR_A_ROW = Duration.ofMinutes(10);
  private static final int BUFFER = 1 << 16;
  private static final int TOLD_EVERY = 4096;
  private static final Metadata ROWS =
      Metadata.builder()
          .withName("kailash_export_rows")
          .withDescription("Rows that were exported.")
          .build();
  private static final Metadata BYTES =
      Metadata.builder()
          .withName("kailash_export_bytes")
          .withDescription("Bytes of exports before they are packed.")
          .build();

  private final OwnConnections connections;
  private final Taxonomies taxonomies;
  private final MetricRegistry figures;

  @Inject
  Exports(OwnConnections connections, Taxonomies taxonomies, MetricRegistry figures) {
    this.connections = connections;
    this.taxonomies = taxonomies;
    this.figures = figures;
  }

  /** An export that can begin. */
  record Ready(ExportRequest request, Long taxonomyId) {}

  /**
   * Checks a request.
   *
   * @throws io.kailash.platform.ProblemException 404 where there is no such taxonomy; 422 naming
   *     every wrong value
   */
  Ready ready(ExportRequest asked) {
    ExportRequest request = asked.checked();
    return new Ready(
        request, request.taxonomy() == null ? null : taxonomies.require(request.taxonomy()).id());
  }

  /**
   * Writes all of it; {@code out} stays open.
   *
   * @param progress is told now and then how many rows are written; what it throws ends the export
   * @return how many rows there were
   */
  long write(Ready export, OutputStream out, LongConsumer progress) throws IOException {
    ExportRequest request = export.request();
    try (Connection own = connections.open("export", LONGEST_WAIT_FOR_A_ROW)) {
      PGConnection connection = own.unwrap(PGConnection.class);
      ExportQuery query = ExportQuery.of(request, export.taxonomyId(), connection);
      CopyOut copy =
          connection
              .getCopyAPI()
              .copyOut(request.csv() ? query.csv(request.escapeFormulas()) : query.ndjson());
      try {
        return write(request, copy, out, progress);
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } catch (SQLException failure) {
      throw new IOException("the export broke off", failure);
    }
  }

  private long write(ExportRequest request, CopyOut copy, OutputStream out, LongConsumer progress)
      throws SQLException, IOException {
    GZIPOutputStream packed = request.gzip() ? new GZIPOutputStream(out, BUFFER) : null;
    OutputStream target = new BufferedOutputStream(packed == null ? out : packed, BUFFER);
    Tag what = new Tag("what", request.what());
    // The header comes as a row of its own.
    long rows = request.csv() ? -1 : 0;
    long bytes = 0;
    long told = 0;
    for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
      target.write(row);
      rows++;
      bytes += row.length;
      if (rows - told >= TOLD_EVERY) {
        figures.counter(ROWS, what).inc(rows - told);
        figures.counter(BYTES, what).inc(bytes);
        told = rows;
        bytes = 0;
        progress.accept(rows);
      }
    }
    target.flush();
    if (packed != null) {
      packed.finish();
    }
    figures.counter(ROWS, what).inc(Math.max(0, rows - told));
    figures.counter(BYTES, what).inc(bytes);
    progress.accept(rows);
    return rows;
  }
}
