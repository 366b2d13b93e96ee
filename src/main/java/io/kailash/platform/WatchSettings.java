package io.kailash.platform;

import java.time.Duration;

/**
 * How closely the stores are watched.
 *
 * @param pause between two checks of a store, {@code kailash.watch.pause}
 * @param timeout without an answer for so long a store counts as down, {@code
 *     kailash.watch.timeout}
 * @param staleAfter a check that has not run for so long proves nothing any more, {@code
 *     kailash.watch.stale-after}
 */
record WatchSettings(Duration pause, Duration timeout, Duration staleAfter) {
  static WatchSettings read(Settings settings) {
    WatchSettings read =
        new WatchSettings(
            settings.duration("kailash.watch.pause", Duration.ofSeconds(1)),
            settings.duration("kailash.watch.timeout", Duration.ofSeconds(2)),
            settings.duration("kailash.watch.stale-after", Duration.ofSeconds(15)));
    if (read.staleAfter().compareTo(read.pause().plus(read.timeout())) <= 0) {
      throw new InvalidSettingException(
          "kailash.watch.stale-after",
          "is not longer than kailash.watch.pause and kailash.watch.timeout together",
          null);
    }
    return read;
  }
}
