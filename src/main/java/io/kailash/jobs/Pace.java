package io.kailash.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** Items per second over about the last ten seconds. */
final class Pace {
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final double NANOS = 1e9;

  private record Mark(Instant at, long count) {}

  private final ArrayDeque<Mark> marks = new ArrayDeque<>();

  Pace(Instant start, long count) {
    marks.add(new Mark(start, count));
  }

  /** The pace at this moment; null where nothing is known yet. */
  Double perSecond(Instant now, long count) {
    while (marks.size() > 1 && marks.peekFirst().at().isBefore(now.minus(WINDOW))) {
      marks.removeFirst();
    }
    Mark first = marks.peekFirst();
    marks.addLast(new Mark(now, count));
    double seconds = Duration.between(first.at(), now).toNanos() / NANOS;
    return seconds <= 0 || count < first.count() ? null : (count - first.count()) / seconds;
  }
}
