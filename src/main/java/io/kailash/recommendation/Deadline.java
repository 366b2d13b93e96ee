package io.kailash.recommendation;

/** Shares of the time an answer has. All times are those of {@link System#nanoTime}. */
final class Deadline {
  private Deadline() {}

  /** When one of {@code parts} equal parts of the time that is left has passed. */
  static long share(long deadlineNanos, int parts) {
    long now = System.nanoTime();
    return now + Math.max(0, deadlineNanos - now) / parts;
  }
}
