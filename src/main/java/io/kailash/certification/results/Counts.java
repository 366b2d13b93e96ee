package io.kailash.certification.results;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How often each value was seen, exactly. Values are whole numbers (microseconds, bytes a second,
 * threads); {@link #FOREVER} stands for what never came.
 */
public final class Counts {
  /** Greater than every value. */
  public static final long FOREVER = Long.MAX_VALUE;

  private static final class Cell {
    private long times;
  }

  private final Map<Long, Cell> cells = new HashMap<>();
  private long count;
  private long forever;
  private long[] values = new long[0];
  private long[] upTo = new long[0];

  /** Takes a value, or {@link #FOREVER}. */
  public void add(long value) {
    cells.computeIfAbsent(value, ignored -> new Cell()).times++;
    count++;
    if (value == FOREVER) {
      forever++;
    }
    values = new long[0];
  }

  /** How many values there are, with those that never came. */
  public long count() {
    return count;
  }

  /** How many never came. */
  public long forever() {
    return forever;
  }

  /**
   * The k-th smallest value.
   *
   * @param k from 1 to {@link #count()}
   */
  public long orderStatistic(long k) {
    if (k < 1 || k > count) {
      throw new IllegalArgumentException("there is no value " + k + " of " + count);
    }
    sort();
    int at = Arrays.binarySearch(upTo, k);
    return values[at >= 0 ? at : -at - 1];
  }

  /** Mean of the values that came; not a number if none did. */
  public double mean() {
    double sum = 0;
    for (Map.Entry<Long, Cell> cell : cells.entrySet()) {
      if (cell.getKey() != FOREVER) {
        sum += (double) cell.getKey() * cell.getValue().times;
      }
    }
    return count == forever ? Double.NaN : sum / (count - forever);
  }

  /** Standard deviation of the values that came (n - 1); not a number for fewer than two. */
  public double deviation() {
    double mean = mean();
    double sum = 0;
    for (Map.Entry<Long, Cell> cell : cells.entrySet()) {
      if (cell.getKey() != FOREVER) {
        sum += (cell.getKey() - mean) * (cell.getKey() - mean) * cell.getValue().times;
      }
    }
    long came = count - forever;
    return came < 2 ? Double.NaN : Math.sqrt(sum / (came - 1));
  }

  private void sort() {
    if (values.length == cells.size()) {
      return;
    }
    values = cells.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    upTo = new long[values.length];
    long before = 0;
    for (int i = 0; i < values.length; i++) {
      before += cells.get(values[i]).times;
      upTo[i] = before;
    }
  }
}
