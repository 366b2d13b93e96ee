package io.kailash.recommendation.sources;

import io.kailash.platform.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Makes the guards of whatever an answer asks. Settings: {@code
 * kailash.recommendation.source-timeout}, the longest wait for one of them; {@code
 * kailash.recommendation.source-threads}, how many questions to one are open at once; {@code
 * kailash.recommendation.neighbours-memory}, share of the heap that neighbours of items may take.
 */
@Singleton
public class Guards {
  private static final Duration PAUSE_OF_A_BREAKER = Duration.ofSeconds(2);
  private static final int SOURCES_WITH_NEIGHBOURS = 2;
  private static final Metadata BREAKER =
      Metadata.builder()
          .withName("kailash_recommendation_breaker_open")
          .withDescription("1 while the breaker keeps questions back.")
          .build();

  private final Duration timeout;
  private final int threadsEach;
  private final long neighbourBytes;
  private final MetricRegistry figures;
  private final List<Guard> made = new CopyOnWriteArrayList<>();

  @Resource ManagedThreadFactory threads;

  @Inject
  Guards(Settings settings, MetricRegistry figures) {
    timeout = settings.duration("kailash.recommendation.source-timeout", Duration.ofMillis(250));
    threadsEach = settings.wholeNumber("kailash.recommendation.source-threads", 8, 1, 1_000);
    neighbourBytes =
        (long)
            (settings.share("kailash.recommendation.neighbours-memory", 0.25)
                * Runtime.getRuntime().maxMemory()
                / SOURCES_WITH_NEIGHBOURS);
    this.figures = figures;
  }

  /** A guard that waits as long as is set for sources. */
  public Guard of(String name) {
    return of(name, timeout);
  }

  /**
   * A guard; ends with the service.
   *
   * @param longest wait for one call
   */
  public Guard of(String name, Duration longest) {
    Guard guard =
        new Guard(
            name, threadsEach, longest, new Breaker(PAUSE_OF_A_BREAKER, System::nanoTime), threads);
    figures.gauge(BREAKER, () -> guard.isOpen() ? 1 : 0, new Tag("part", name));
    made.add(guard);
    return guard;
  }

  /** How much memory the neighbours may take that one source knows. */
  long neighbourBytes() {
    return neighbourBytes;
  }

  /** How long a source may take. */
  Duration timeout() {
    return timeout;
  }

  @PreDestroy
  void close() {
    made.forEach(Guard::close);
  }
}
