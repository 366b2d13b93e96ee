package io.kailash.transfer.uploads;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** Counts what is uploaded. */
@Singleton
class UploadFigures {
  private static final Metadata BYTES =
      Metadata.builder()
          .withName("kailash_upload_bytes")
          .withDescription("Bytes of files that were received.")
          .build();
  private static final Metadata ROWS =
      Metadata.builder()
          .withName("kailash_upload_rows")
          .withDescription("Rows of uploaded files, by what came of them.")
          .build();

  private final MetricRegistry registry;

  @Inject
  UploadFigures(MetricRegistry registry) {
    this.registry = registry;
  }

  void received(UploadKind kind, long bytes) {
    registry.counter(BYTES, new Tag("kind", kind.text())).inc(bytes);
  }

  void loaded(UploadKind kind, long written, long unchanged, long rejected) {
    rows(kind, "written", written);
    rows(kind, "unchanged", unchanged);
    rows(kind, "rejected", rejected);
  }

  private void rows(UploadKind kind, String outcome, long rows) {
    registry.counter(ROWS, new Tag("kind", kind.text()), new Tag("outcome", outcome)).inc(rows);
  }
}
