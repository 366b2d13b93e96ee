package io.kailash.platform;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long the stores take, one histogram for each store and operation: {@code
 * kailash_store_operation_seconds_bucket} with the upper bound in the label {@code le}, {@code
 * _count} and {@code _sum}, as Prometheus computes percentiles from. An operation is the name of a
 * use, never something that comes from a caller, so that the number of histograms stays small.
 *
 * <p>The server's own timers and histograms are not used: they print a mean and a maximum of their
 * own making, a timer's in nanoseconds under a name that says seconds, and with more than one label
 * set they tear the samples of one name apart, which the format forbids. Nor are its gauges, one
 * for each bucket: it reads one after the other, and what is counted in between makes a bucket
 * smaller than one below it. Recording takes no lock.
 */
public final class StoreTimings {
  private static final double[] UPPER_SECONDS = {
    0.00025, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };
  private static final String NAME = "kailash_store_operation_seconds";

  private final Map<Operation, Buckets> histograms = new ConcurrentHashMap<>();

  private record Operation(String store, String operation) {}

  /** Adds one duration, whether the operation went well or not. */
  public void record(String store, String operation, Duration took) {
    Operation key = new Operation(store, operation);
    Buckets known = histograms.get(key);
    if (known == null) {
      known = histograms.computeIfAbsent(key, unknown -> new Buckets());
    }
    known.add(took.toNanos());
  }

  /** Runs an operation and adds its duration, also when it fails. */
  public <T> T time(String store, String operation, Callable<T> work) throws Exception {
    long began = System.nanoTime();
    try {
      return work.call();
    } finally {
      record(store, operation, Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /**
   * All histograms in Prometheus' text format, the buckets, the count and the sum of each of one
   * reading; empty as long as nothing was recorded.
   */
  public String page() {
    if (histograms.isEmpty()) {
      return "";
    }
    StringBuilder page = new StringBuilder(16_384);
    page.append("# HELP ").append(NAME).append(" How long operations on a store took.\n");
    page.append("# TYPE ").append(NAME).append(" histogram\n");
    histograms.forEach(
        (of, buckets) -> {
          String labels =
              "mp_scope=\"application\",operation=\""
                  + of.operation()
                  + "\",store=\""
                  + of.store()
                  + '"';
          long upTo = 0;
          for (int i = 0; i < buckets.counts.length; i++) {
            upTo += buckets.counts[i].sum();
            String bound = i == UPPER_SECONDS.length ? "+Inf" : Double.toString(UPPER_SECONDS[i]);
            page.append(NAME).append("_bucket{").append(labels);
            page.append(",le=\"").append(bound).append("\"} ").append(upTo).append('\n');
          }
          page.append(NAME).append("_count{").append(labels).append("} ").append(upTo).append('\n');
          page.append(NAME).append("_sum{").append(labels).append("} ");
          page.append(String.format(Locale.ROOT, "%.9f", buckets.nanos.sum() / 1e9)).append('\n');
        });
    return page.toString();
  }

  /** One counter for each bound and one for what is beyond them all. */
  private static final class Buckets {
    private final LongAdder[] counts = new LongAdder[UPPER_SECONDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Buckets() {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
    }

    void add(long tookNanos) {
      double seconds = tookNanos / 1e9;
      int bucket = 0;
      while (bucket < UPPER_SECONDS.length && seconds > UPPER_SECONDS[bucket]) {
        bucket++;
      }
      counts[bucket].increment();
      nanos.add(tookNanos);
    }
  }
}
