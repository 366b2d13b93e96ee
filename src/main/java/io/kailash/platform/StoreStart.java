package io.kailash.platform;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Makes the clients of all stores when the service starts, so that a wrong setting stops the start,
 * shows their figures and begins to watch them. Waits for no store.
 */
@Singleton
class StoreStart {
  private static final Duration REFRESH = Duration.ofSeconds(1);

  private final PoolFigures figures;
  private final StoreTimings timings;
  private final VectorSettings vectors;
  private final StoreWatch watch;
  private final MetricRegistry registry;
  private final Periodic periodic;

  @Resource ManagedThreadFactory threads;

  @Inject
  StoreStart(
      Settings settings,
      MetricRegistry registry,
      Periodic periodic,
      PostgresPool postgres,
      Redis redis,
      Neo4j neo4j,
      OutgoingHttp http) {
    this.registry = registry;
    this.periodic = periodic;
    timings = new StoreTimings();
    vectors = VectorSettings.read(settings);
    WatchSettings closeness = WatchSettings.read(settings);
    List<StoreProbe> probes = new ArrayList<>();
    probes.add(
        new PostgresProbe(postgres.settings(), closeness.timeout(), postgres::discardBroken));
    probes.add(redis.probe(closeness.timeout()));
    probes.add(neo4j.probe(closeness.timeout()));
    vectors
        .chroma()
        .ifPresent(
            address ->
                probes.add(
                    http.probe(
                        VectorSettings.Store.CHROMA.text(),
                        heartbeat(address),
                        closeness.timeout())));
    watch = new StoreWatch(probes, closeness, System::nanoTime, timings::record);
    figures = new PoolFigures(registry);
    postgres.show(figures);
    postgres.time(timings);
    redis.show(figures);
    neo4j.show(figures);
    http.show(figures);
  }

  void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
    watch.start(threads);
    periodic.every(REFRESH, "figures of the pools", figures::refresh);
    for (StoreState state : watch.states()) {
      Tag store = new Tag("store", state.store());
      registry.gauge(
          described("kailash_store_reachable", "1 when the store answers, else 0."),
          () -> watch.state(state.store()).reachable() ? 1 : 0,
          store);
      registry.gauge(
          described("kailash_store_age_seconds", "Time since the store last answered or failed."),
          () -> watch.state(state.store()).age().toNanos() / 1e9,
          store);
    }
  }

  @Produces
  @Singleton
  StoreWatch watch() {
    return watch;
  }

  @Produces
  @Singleton
  StoreTimings timings() {
    return timings;
  }

  @Produces
  @Singleton
  VectorSettings vectors() {
    return vectors;
  }

  private static URI heartbeat(URI chroma) {
    String base = chroma.toString();
    return URI.create(base.replaceAll("/+$", "") + "/api/v2/heartbeat");
  }

  private static Metadata described(String name, String description) {
    return Metadata.builder().withName(name).withDescription(description).build();
  }

  @PreDestroy
  void stop() {
    watch.close();
  }
}
