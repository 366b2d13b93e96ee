package io.kailash.certification.results;

/**
 * What ended within one stretch of time: how many, how many of them wrong or too slow, and how
 * long.
 */
public final class Tally {
  private long count;
  private long wrong;
  private long slow;
  private double sumMillis;
  private double sumOfSquares;

  void add(boolean right, boolean inTime, double millis) {
    count++;
    if (right) {
      sumMillis += millis;
      sumOfSquares += millis * millis;
      slow += inTime ? 0 : 1;
    } else {
      wrong++;
    }
  }

  /** Takes what another one holds. */
  public void add(Tally other) {
    count += other.count;
    wrong += other.wrong;
    slow += other.slow;
    sumMillis += other.sumMillis;
    sumOfSquares += other.sumOfSquares;
  }

  /** Answers. */
  public long count() {
    return count;
  }

  /** Answers that were wrong or never came. */
  public long wrong() {
    return wrong;
  }

  /** Right answers. */
  public long right() {
    return count - wrong;
  }

  /** Right answers that took longer than their operation's 95th percentile may. */
  public long slow() {
    return slow;
  }

  /** Mean time of a right answer in milliseconds; not a number without one. */
  public double meanMillis() {
    return sumMillis / right();
  }

  /** Standard error of {@link #meanMillis()}; not a number for fewer than two right answers. */
  public double standardError() {
    long n = right();
    if (n < 2) {
      return Double.NaN;
    }
    double mean = meanMillis();
    return Math.sqrt(Math.max(0, sumOfSquares / n - mean * mean) / (n - 1));
  }
}
