package io.kailash.platform;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.metrics.Histogram;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * How long the stores take, one histogram for each store and operation: {@code
 * kailash_store_operation_microseconds} with its buckets. An operation is the name of a use, never
 * something that comes from a caller, so that the number of histograms stays small.
 *
 * <p>It is a histogram of whole microseconds and not a timer, because the server prints the mean
 * and the maximum of a timer in nanoseconds under a name that ends in seconds.
 */
public final class StoreTimings {
  private static final Metadata HISTOGRAM =
      Metadata.builder()
          .withName("kailash_store_operation_microseconds")
          .withDescription("How long an operation on a store took.")
          .build();

  private final MetricRegistry registry;
  private final Map<Operation, Histogram> histograms = new ConcurrentHashMap<>();

  private record Operation(String store, String operation) {}

  StoreTimings(MetricRegistry registry) {
    this.registry = registry;
  }

  /** Adds one duration, whether the operation went well or not. */
  public void record(String store, String operation, Duration took) {
    histograms
        .computeIfAbsent(
            new Operation(store, operation),
            key ->
                registry.histogram(
                    HISTOGRAM,
                    new Tag("store", key.store()),
                    new Tag("operation", key.operation())))
        .update(TimeUnit.NANOSECONDS.toMicros(took.toNanos()));
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
}
