package io.kailash.certification.results;

import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * All samples of one operation, or of all of them.
 *
 * <p>Times are in microseconds. From sending: as long as the request took once it was sent. From
 * the planned start: with the time that it waited to be sent, which is what a visitor would have
 * waited who came at that moment.
 */
public final class Samples {
  private final Counts fromSending = new Counts();
  private final Counts fromPlan = new Counts();
  private final Counts rates = new Counts();
  private final TreeMap<Long, Tally> cells = new TreeMap<>();
  private final TreeMap<Long, Histogram> chart = new TreeMap<>();
  private long bytesReceived;
  private long bytesSent;

  void add(SampleRow row, boolean inTime, boolean withRate, long cellMillis, long chartSeconds) {
    boolean right = row.right();
    fromSending.add(right ? row.micros() : Counts.FOREVER);
    if (row.planned() >= 0) {
      fromPlan.add(right ? row.microsFromPlan() : Counts.FOREVER);
    }
    if (right) {
      bytesReceived += row.received();
      bytesSent += row.sent();
    }
    if (withRate) {
      rates.add(right ? (long) (row.received() * 1e6 / Math.max(1, row.micros())) : 0);
    }
    cells
        .computeIfAbsent(Math.floorDiv(row.endMillis(), cellMillis), ignored -> new Tally())
        .add(right, inTime, row.micros() / 1000.0);
    long second = Math.floorDiv(row.endMillis(), 1000L);
    if (right) {
      chart
          .computeIfAbsent(second - Math.floorMod(second, chartSeconds), s -> new Histogram(3))
          .recordValue(row.micros());
    }
  }

  /** From sending. */
  public Counts fromSending() {
    return fromSending;
  }

  /** From the planned start; empty for a closed loop. */
  public Counts fromPlan() {
    return fromPlan;
  }

  /** Bytes a second of each single answer, if they were asked for. */
  public Counts rates() {
    return rates;
  }

  /** How many. */
  public long count() {
    return fromSending.count();
  }

  /** How many were wrong or never came. */
  public long wrong() {
    return fromSending.forever();
  }

  /** How many were right. */
  public long right() {
    return count() - wrong();
  }

  /** Bytes of right answers. */
  public long bytesReceived() {
    return bytesReceived;
  }

  /** Bytes of the requests that were answered right. */
  public long bytesSent() {
    return bytesSent;
  }

  /** By when they ended, in {@link Run#cellMillis()} of the epoch. */
  public TreeMap<Long, Tally> cells() {
    return cells;
  }

  /** Histograms for drawing, by the second in which their stretch begins; never for judging. */
  public TreeMap<Long, Histogram> chart() {
    return chart;
  }
}
