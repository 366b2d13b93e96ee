package io.kailash.platform;

import java.util.Optional;

/**
 * Place of an event among all live events, the same on every instance: {@code
 * <milliseconds>-<number>}, as the stream in Redis counts.
 *
 * @param millis when Redis took it, since 1970
 * @param number among those of the same millisecond
 */
public record LiveId(long millis, long number) implements Comparable<LiveId> {
  /** Before every event. */
  public static final LiveId START = new LiveId(0, 0);

  private static final int MAX_DIGITS = 18;

  /** Reads what {@link #toString} wrote; empty for anything else. */
  public static Optional<LiveId> parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 1
        || dash > MAX_DIGITS
        || text.length() - dash - 1 < 1
        || text.length() - dash - 1 > MAX_DIGITS) {
      return Optional.empty();
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (i != dash && (c < '0' || c > '9')) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new LiveId(
            Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1))));
  }

  @Override
  public int compareTo(LiveId other) {
    int order = Long.compare(millis, other.millis);
    return order != 0 ? order : Long.compare(number, other.number);
  }

  /** Whether this is further on than {@code other}. */
  public boolean isAfter(LiveId other) {
    return compareTo(other) > 0;
  }

  @Override
  public String toString() {
    return millis + "-" + number;
  }
}
