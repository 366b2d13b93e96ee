package io.kailash.transfer.uploads;

import java.time.Instant;
import java.util.UUID;

/**
 * A file on its way in.
 *
 * @param status {@code receiving}, {@code received}, {@code loaded}, {@code failed} or {@code
 *     refused}
 * @param totalBytes of the whole file; null where its sender did not say
 * @param receivedBytes from its beginning, safely stored
 * @param sha256Wanted of the whole file as its sender says; null where not
 * @param sha256 of the whole file as it was received; null until that is known
 * @param jobId that loads it; null before
 */
record Upload(
    UUID id,
    UploadKind kind,
    UploadOptions options,
    String status,
    Long totalBytes,
    long receivedBytes,
    byte[] sha256Wanted,
    byte[] sha256,
    String problem,
    UUID jobId,
    Instant createdAt,
    String createdBy,
    Instant changedAt) {
  static final String RECEIVING = "receiving";
  static final String RECEIVED = "received";
  static final String LOADED = "loaded";
  static final String FAILED = "failed";
  static final String REFUSED = "refused";
}
