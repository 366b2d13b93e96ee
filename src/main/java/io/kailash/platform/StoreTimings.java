package io.kailash.platform;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;

/**
 * How long the stores take, one histogram for each store and operation: {@code
 * kailash_store_operation_seconds} with its buckets. An operation is the name of a use, never
 * something that comes from a caller, so that the number of histograms stays small.
 */
public final class StoreTimings {
  private static final Metadata HISTOGRAM =
      Metadata.builder()
          .withName("kailash_store_operation")
          .withDescription("How long an operation on a store took.")
          .withUnit(MetricUnits.SECONDS)
          .build();

  private final MetricRegistry registry;
  private final Map<Operation, Timer> timers = new ConcurrentHashMap<>();

  private record Operation(String store, String operation) {}

  StoreTimings(MetricRegistry registry) {
    this.registry = registry;
  }

  /** Adds one duration, whether the operation went well or not. */
  public void record(String store, String operation, Duration took) {
    timers
        .computeIfAbsent(
            new Operation(store, operation),
            key ->
                registry.timer(
                    HISTOGRAM,
                    new Tag("store", key.store()),
                    new Tag("operation", key.operation())))
        .update(took);
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
