package io.kailash.classification;

import io.kailash.platform.Settings;
import java.time.Duration;

/**
 * Settings of this room.
 *
 * @param backOff least confidence of a category that is answered; below it the answer is its
 *     parent, {@code kailash.classification.back-off}
 * @param alternatives how many alternatives are answered where the caller does not say, {@code
 *     kailash.classification.alternatives}
 * @param sampleShare share of sure decisions that go to review all the same, {@code
 *     kailash.classification.review-sample}
 * @param heldOutShare share of the labels that no model learns from, so that models can be
 *     compared, {@code kailash.classification.held-out-share}
 * @param cacheEntries answers kept in memory, {@code kailash.classification.cache-entries}
 * @param logCapacity decisions that may wait to be written; further ones are counted and dropped,
 *     {@code kailash.classification.decision-log.capacity}
 * @param logBatch decisions written at once, {@code kailash.classification.decision-log.batch}
 * @param decisionRetention how long decisions are kept, {@code
 *     kailash.classification.decision-log.retention}
 * @param modelRefresh how soon a model activated on another instance is used here, {@code
 *     kailash.classification.model-refresh}
 * @param trainingThreads {@code kailash.classification.training-threads}
 */
record ClassificationSettings(
    double backOff,
    int alternatives,
    double sampleShare,
    double heldOutShare,
    int cacheEntries,
    int logCapacity,
    int logBatch,
    Duration decisionRetention,
    Duration modelRefresh,
    int trainingThreads) {

  static ClassificationSettings read(Settings settings) {
    String log = "kailash.classification.decision-log.";
    return new ClassificationSettings(
        settings.share("kailash.classification.back-off", 0.5),
        settings.wholeNumber("kailash.classification.alternatives", 3, 1, 50),
        settings.share("kailash.classification.review-sample", 0.01),
        settings.share("kailash.classification.held-out-share", 0.1),
        settings.wholeNumber("kailash.classification.cache-entries", 10_000, 0, 10_000_000),
        settings.wholeNumber(log + "capacity", 50_000, 1, 10_000_000),
        settings.wholeNumber(log + "batch", 5_000, 1, 1_000_000),
        settings.duration(log + "retention", Duration.ofDays(90)),
        settings.duration("kailash.classification.model-refresh", Duration.ofSeconds(2)),
        settings.wholeNumber("kailash.classification.training-threads", 1, 1, 256));
  }
}
