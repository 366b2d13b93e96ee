package io.kailash.platform;

import java.time.Duration;

/**
 * How the live feed is kept.
 *
 * @param capacity events of this instance that may wait for Redis; further ones are counted,
 *     dropped, and those who listen are told, {@code kailash.live.feed.capacity}
 * @param kept about how many events Redis keeps for those who come back, {@code
 *     kailash.live.window.events}
 * @param window how long events are kept at most for those who come back, {@code
 *     kailash.live.window}
 */
record LiveFeedSettings(int capacity, int kept, Duration window) {
  static LiveFeedSettings read(Settings settings) {
    return new LiveFeedSettings(
        settings.wholeNumber("kailash.live.feed.capacity", 20_000, 1, 10_000_000),
        settings.wholeNumber("kailash.live.window.events", 50_000, 100, 10_000_000),
        settings.duration("kailash.live.window", Duration.ofMinutes(5)));
  }
}
