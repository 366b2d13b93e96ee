package io.kailash.projection;

import io.kailash.platform.Settings;
import java.time.Duration;

/**
 * Settings of this room.
 *
 * @param poll longest time after which a change made by another instance is seen, {@code
 *     kailash.projection.poll}; one made here is seen at once
 * @param batch most changes that are carried at once, {@code kailash.projection.batch}
 * @param tries how often a target may refuse a change before it is set aside, {@code
 *     kailash.projection.tries}
 * @param longestPause between two tries while a target is down, {@code
 *     kailash.projection.longest-pause}
 * @param timeout after which a target that does not answer counts as down, {@code
 *     kailash.projection.timeout}
 * @param retention how long rows of the outbox are kept that every target has passed, {@code
 *     kailash.projection.retention}
 * @param rebuildPage items or users that a rebuild writes at once, {@code
 *     kailash.projection.rebuild-page}; live changes wait as long as one page takes
 */
record ProjectionSettings(
    Duration poll,
    int batch,
    int tries,
    Duration longestPause,
    Duration timeout,
    Duration retention,
    int rebuildPage) {

  static ProjectionSettings read(Settings settings) {
    String room = "kailash.projection.";
    return new ProjectionSettings(
        settings.duration(room + "poll", Duration.ofMillis(100)),
        settings.wholeNumber(room + "batch", 500, 1, 10_000),
        settings.wholeNumber(room + "tries", 5, 1, 1000),
        settings.duration(room + "longest-pause", Duration.ofSeconds(2)),
        settings.duration(room + "timeout", Duration.ofSeconds(30)),
        settings.duration(room + "retention", Duration.ofDays(7)),
        settings.wholeNumber(room + "rebuild-page", 200, 1, 10_000));
  }
}
