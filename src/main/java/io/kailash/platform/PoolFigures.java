package io.kailash.platform;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Shows what every pool may hold and what it holds. Limits are what is set, so that a reader of the
 * figures can tell a full pool from a small one.
 */
final class PoolFigures {
  private static final Metadata CONNECTION_LIMIT =
      described("kailash_pool_limit_connections", "How many connections a pool may hold.");
  private static final Metadata TIME_LIMIT =
      described("kailash_pool_limit_seconds", "How long a pool waits or keeps a connection.");
  private static final Metadata CONNECTIONS =
      described("kailash_pool_connections", "Connections of a pool, by what they are doing.");
  private static final Metadata WAITING =
      described("kailash_pool_waiting", "Callers that wait for a connection.");
  private static final Metadata EVENTS =
      described("kailash_pool_events", "What has happened in a pool since the start.");

  private final MetricRegistry registry;
  private final List<Total> totals = new CopyOnWriteArrayList<>();

  PoolFigures(MetricRegistry registry) {
    this.registry = registry;
  }

  /** The figures of one pool. */
  Pool of(String store) {
    return new Pool(new Tag("store", store));
  }

  /** Carries on the counters of what has happened; called again and again by one thread. */
  void refresh() {
    totals.forEach(Total::refresh);
  }

  private static Metadata described(String name, String description) {
    return Metadata.builder().withName(name).withDescription(description).build();
  }

  /** Shows the figures of one pool; every method returns it. */
  final class Pool {
    private final Tag store;

    private Pool(Tag store) {
      this.store = store;
    }

    Pool limit(String limit, int connections) {
      registry.gauge(CONNECTION_LIMIT, () -> connections, store, new Tag("limit", limit));
      return this;
    }

    Pool limit(String limit, Duration time) {
      double seconds = time.toNanos() / 1e9;
      registry.gauge(TIME_LIMIT, () -> seconds, store, new Tag("limit", limit));
      return this;
    }

    Pool connections(String state, IntSupplier now) {
      registry.gauge(CONNECTIONS, now::getAsInt, store, new Tag("state", state));
      return this;
    }

    Pool waiting(IntSupplier now) {
      registry.gauge(WAITING, now::getAsInt, store);
      return this;
    }

    /** A number that the pool itself only ever counts up. */
    Pool total(String event, LongSupplier sinceStart) {
      totals.add(new Total(registry.counter(EVENTS, store, new Tag("event", event)), sinceStart));
      return this;
    }
  }

  private record Total(Counter counter, LongSupplier sinceStart) {
    void refresh() {
      long more = sinceStart.getAsLong() - counter.getCount();
      if (more > 0) {
        counter.inc(more);
      }
    }
  }
}
