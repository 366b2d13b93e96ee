package io.kailash.live;

import io.kailash.platform.LiveFeed;
import io.kailash.platform.StoreState;
import io.kailash.platform.StoreWatch;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** How this instance fares, told each second while somebody wants to know. */
@Singleton
class ServiceFigures {
  private final LiveFeed feed;
  private final Connections connections;
  private final StoreWatch watch;
  private final MetricRegistry figures;
  private final String instance = "process " + ProcessHandle.current().pid();
  private Map<String, Long> before = Map.of();
  private long beforeNanos;
  private Duration cpuBefore = Duration.ZERO;

  @Inject
  ServiceFigures(LiveFeed feed, Connections connections, StoreWatch watch, MetricRegistry figures) {
    this.feed = feed;
    this.connections = connections;
    this.watch = watch;
    this.figures = figures;
  }

  /**
   * What is told.
   *
   * @param cpuShare of all processors of the machine since the last time, from 0 to 1
   * @param perSecond of every counter of the service that went up since the last time
   */
  record Figures(
      String instance,
      double cpuShare,
      long heapUsedBytes,
      long heapMaxBytes,
      int liveConnections,
      Map<String, Boolean> stores,
      Map<String, Double> perSecond) {}

  /** Called about each second by one thread. */
  void publish() {
    if (!feed.wanted(LiveFeed.SERVICE)) {
      before = Map.of();
      return;
    }
    long now = System.nanoTime();
    Map<String, Long> counts = counts();
    if (before.isEmpty()) {
      cpuShare(1);
    } else {
      feed.publish(LiveFeed.SERVICE, instance, figures(counts, (now - beforeNanos) / 1e9));
    }
    before = counts;
    beforeNanos = now;
  }

  private Figures figures(Map<String, Long> counts, double seconds) {
    Map<String, Double> rates = new TreeMap<>();
    counts.forEach(
        (name, count) -> {
          long more = count - before.getOrDefault(name, 0L);
          if (more > 0) {
            rates.put(name, Math.rint(more / seconds * 10) / 10);
          }
        });
    Map<String, Boolean> stores = new LinkedHashMap<>();
    for (StoreState state : watch.states()) {
      stores.put(state.store(), state.reachable());
    }
    Runtime memory = Runtime.getRuntime();
    return new Figures(
        instance,
        cpuShare(seconds),
        memory.totalMemory() - memory.freeMemory(),
        memory.maxMemory(),
        connections.open(),
        stores,
        rates);
  }

  private double cpuShare(double seconds) {
    Duration used = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    double share =
        used.minus(cpuBefore).toNanos()
            / (seconds * 1e9 * Runtime.getRuntime().availableProcessors());
    cpuBefore = used;
    return Math.rint(share * 1e4) / 1e4;
  }

  private Map<String, Long> counts() {
    Map<String, Long> counts = new HashMap<>();
    figures
        .getCounters((id, metric) -> id.getName().startsWith("kailash_"))
        .forEach((id, counter) -> counts.put(name(id), counter.getCount()));
    return counts;
  }

  private static String name(MetricID id) {
    StringBuilder name = new StringBuilder(id.getName());
    for (Tag tag : id.getTagsAsArray()) {
      if (!tag.getTagName().startsWith("mp_")) {
        name.append('.').append(tag.getTagValue());
      }
    }
    return name.toString();
  }
}
