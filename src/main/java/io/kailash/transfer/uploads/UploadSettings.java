package io.kailash.transfer.uploads;

import io.kailash.platform.Settings;
import java.time.Duration;

/**
 * Settings of uploads.
 *
 * @param maxBytes of a file as it is sent, {@code kailash.uploads.max-megabytes}
 * @param maxUnpackedBytes of a file once unpacked, {@code kailash.uploads.max-unpacked-megabytes}
 * @param maxRatio how many times larger a packed file may become beyond its first 64 MB, {@code
 *     kailash.uploads.max-ratio}
 * @param maxRowChars of one row, {@code kailash.uploads.max-row-chars}; bounds the memory of
 *     reading
 * @param expiry after which an unfinished upload is removed, counted from its last byte, {@code
 *     kailash.uploads.expiry}
 * @param chunkRows most rows of one transaction, {@code kailash.uploads.chunk-rows}
 * @param writers chunks that are written at the same time, {@code kailash.uploads.writers}
 * @param atOnce files that are loaded at the same time, over all instances, {@code
 *     kailash.uploads.at-once}; with 1 a file of labels finds the items of the file before it, and
 *     of two files with the same items the later one counts
 * @param maxRejectedNamed refused rows that are kept with their reason; further ones are counted,
 *     {@code kailash.uploads.max-rejected-rows}
 * @param knownKeys how many rows back a repeated key is noticed, over all files that are loaded at
 *     the same time, {@code kailash.uploads.known-keys}; bounds the memory
 */
record UploadSettings(
    long maxBytes,
    long maxUnpackedBytes,
    int maxRatio,
    int maxRowChars,
    Duration expiry,
    int chunkRows,
    int writers,
    int atOnce,
    int maxRejectedNamed,
    int knownKeys) {
  private static final long MEGABYTE = 1 << 20;

  static UploadSettings read(Settings settings) {
    String part = "kailash.uploads.";
    return new UploadSettings(
        MEGABYTE * settings.wholeNumber(part + "max-megabytes", 50 * 1024, 1, 10 << 20),
        MEGABYTE * settings.wholeNumber(part + "max-unpacked-megabytes", 200 * 1024, 1, 10 << 20),
        settings.wholeNumber(part + "max-ratio", 100, 2, 2000),
        settings.wholeNumber(part + "max-row-chars", 2 << 20, 1024, 64 << 20),
        settings.duration(part + "expiry", Duration.ofDays(1)),
        settings.wholeNumber(part + "chunk-rows", 4000, 1, 100_000),
        settings.wholeNumber(part + "writers", 2, 1, 16),
        settings.wholeNumber(part + "at-once", 1, 1, 64),
        settings.wholeNumber(part + "max-rejected-rows", 100_000, 0, 10_000_000),
        settings.wholeNumber(part + "known-keys", 8_000_000, 1, 200_000_000));
  }

  /** How many rows back a repeated key is noticed in each file. */
  int knownKeysOfAFile() {
    return Math.max(1, knownKeys / atOnce);
  }
}
