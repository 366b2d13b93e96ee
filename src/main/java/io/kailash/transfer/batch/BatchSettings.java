package io.kailash.transfer.batch;

import io.kailash.platform.Settings;

/**
 * Settings of batch classification.
 *
 * @param maxItems of a batch that is answered at once, {@code kailash.batch.max-items}
 * @param maxBytes of its body, unpacked, {@code kailash.batch.max-bytes}
 * @param maxJobMegabytes of the body of a batch that becomes a job, unpacked, {@code
 *     kailash.batch.max-job-megabytes}
 * @param maxLineBytes of one item, {@code kailash.http.max-json-bytes}
 * @param threads that classify items of batches on one instance, {@code kailash.batch.threads}
 * @param maxBytesAtOnce of all batches that are being answered on one instance, unpacked, {@code
 *     kailash.batch.max-bytes-at-once}; how many they are is bounded by {@code
 *     kailash.http.slow-answers}
 * @param jobChunk items of a job that are written at once, {@code kailash.batch.job-chunk}
 * @param jobsAtOnce jobs that run at the same time, over all instances, {@code
 *     kailash.batch.jobs-at-once}
 */
record BatchSettings(
    int maxItems,
    int maxBytes,
    int maxJobMegabytes,
    int maxLineBytes,
    int threads,
    int maxBytesAtOnce,
    int jobChunk,
    int jobsAtOnce) {

  static BatchSettings read(Settings settings) {
    int maxBytes = settings.wholeNumber("kailash.batch.max-bytes", 16 << 20, 1024, 1 << 30);
    return new BatchSettings(
        settings.wholeNumber("kailash.batch.max-items", 10_000, 1, 1_000_000),
        maxBytes,
        settings.wholeNumber("kailash.batch.max-job-megabytes", 10_240, 1, 1_000_000),
        settings.wholeNumber("kailash.http.max-json-bytes", 256 * 1024, 1024, 64 << 20),
        settings.wholeNumber(
            "kailash.batch.threads",
            Math.max(1, Runtime.getRuntime().availableProcessors()),
            1,
            64),
        // One of the largest size has to fit, with the byte that shows that it is too large.
        settings.wholeNumber(
            "kailash.batch.max-bytes-at-once",
            Math.max(128 << 20, maxBytes + 1),
            maxBytes + 1,
            Integer.MAX_VALUE),
        settings.wholeNumber("kailash.batch.job-chunk", 2_000, 1, 100_000),
        settings.wholeNumber("kailash.batch.jobs-at-once", 2, 1, 1000));
  }
}
