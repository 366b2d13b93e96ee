package io.kailash.platform;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * How long the stores take, one histogram for each store and operation: {@code
 * kailash_store_operation_seconds_bucket} with the upper bound in the label {@code le}, {@code
 * _count} and {@code _sum}, as Prometheus computes percentiles from. An operation is the name of a
 * use, never something that comes from a caller, so that the number of histograms stays small.
 *
 * <p>The server's own timers and histograms are not used: they print a mean and a maximum of their
 * own making, a timer's in nanoseconds under a name that says seconds, and with more than one label
 * set they tear the samples of one name apart, which the format forbids. Recording takes no lock.
 */
public final class StoreTimings {
  private static final double[] UPPER_SECONDS = {
    0.00025, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };
  private static final String NAME = "kailash_store_operation_seconds";
  private static final Metadata BUCKET =
      described(NAME + "_bucket", "Operations on a store that took no longer than le seconds.");
  private static final Metadata COUNT =
      described(NAME + "_count", "Operations on a store since the start.");
  private static final Metadata SUM =
      described(NAME + "_sum", "Seconds that operations on a store took, since the start.");

  private final MetricRegistry registry;
  private final Map<Operation, Buckets> histograms = new ConcurrentHashMap<>();

  private record Operation(String store, String operation) {}

  StoreTimings(MetricRegistry registry) {
    this.registry = registry;
  }

  private static Metadata described(String name, String description) {
    return Metadata.builder().withName(name).withDescription(description).build();
  }

  /** Adds one duration, whether the operation went well or not. */
  public void record(String store, String operation, Duration took) {
    Operation key = new Operation(store, operation);
    Buckets known = histograms.get(key);
    if (known == null) {
      known = histograms.computeIfAbsent(key, this::shown);
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

  private Buckets shown(Operation key) {
    Buckets buckets = new Buckets();
    Tag store = new Tag("store", key.store());
    Tag operation = new Tag("operation", key.operation());
    for (int i = 0; i <= UPPER_SECONDS.length; i++) {
      int last = i;
      String bound = i == UPPER_SECONDS.length ? "+Inf" : Double.toString(UPPER_SECONDS[i]);
      registry.gauge(BUCKET, () -> buckets.upTo(last), store, operation, new Tag("le", bound));
    }
    registry.gauge(COUNT, () -> buckets.upTo(UPPER_SECONDS.length), store, operation);
    registry.gauge(SUM, () -> buckets.nanos.sum() / 1e9, store, operation);
    return buckets;
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

    long upTo(int last) {
      long sum = 0;
      for (int i = 0; i <= last; i++) {
        sum += counts[i].sum();
      }
      return sum;
    }
  }
}
