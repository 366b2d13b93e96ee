package io.kailash.certification.load;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The planned arrivals of an open phase, in order. In every second there are exactly as many as the
 * rate says, at times drawn evenly within it: a Poisson process given its count, so that arrivals
 * come in bunches as people do and the rate is reached when the service keeps up.
 *
 * <p>Safe for many threads.
 */
final class Schedule {

  private static final long SECOND = 1_000_000_000L;

  private final List<LoadOrder.Arrivals> segments;
  private final SplittableRandom random;
  private final double seconds;
  private long number;
  private int second;
  private double owed;
  private long[] block = new long[0];
  private int next;
  private long endNanos;

  Schedule(List<LoadOrder.Arrivals> segments, long seed) {
    this.segments = List.copyOf(segments);
    this.random = new SplittableRandom(seed);
    this.seconds = segments.stream().mapToDouble(LoadOrder.Arrivals::seconds).sum();
    this.endNanos = Math.round(seconds * SECOND);
  }

  /** How many arrivals the whole schedule plans. */
  long planned() {
    Schedule copy = new Schedule(segments, 0);
    long count = 0;
    while (copy.next() != null) {
      count++;
    }
    return count;
  }

  /** Length of the whole schedule. */
  double seconds() {
    return seconds;
  }

  /** The next arrival; null when there are no more. */
  synchronized Arrival next() {
    while (next == block.length) {
      if (second >= seconds) {
        return null;
      }
      fill();
    }
    if (block[next] >= endNanos) {
      return null;
    }
    return new Arrival(number++, block[next++]);
  }

  /** No more arrivals from this moment on, in nanoseconds after the beginning. */
  synchronized void endAt(long nanos) {
    endNanos = Math.min(endNanos, nanos);
  }

  private void fill() {
    double to = Math.min(seconds, second + 1.0);
    owed += expected(to) - expected(second);
    int count = (int) Math.floor(owed + 1e-9);
    owed -= count;
    block = new long[count];
    double length = (to - second) * SECOND;
    for (int i = 0; i < count; i++) {
      block[i] = (long) (second * (double) SECOND + random.nextDouble() * length);
    }
    Arrays.sort(block);
    next = 0;
    second++;
  }

  /** Arrivals planned before a time: the integral of the rate. */
  private double expected(double until) {
    double begin = 0;
    double count = 0;
    for (LoadOrder.Arrivals segment : segments) {
      double within = Math.min(until - begin, segment.seconds());
      if (within <= 0) {
        break;
      }
      double slope = (segment.to() - segment.from()) / segment.seconds();
      count += within * (segment.from() + slope * within / 2);
      begin += segment.seconds();
    }
    return count;
  }
}
