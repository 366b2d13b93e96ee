package io.kailash.jobs;

import io.kailash.platform.Periodic;
import io.kailash.platform.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.eclipse.microprofile.metrics.MetricRegistry;

/** Starts this instance's share of the work when the service starts, and hands it on at the end. */
@Singleton
class JobsStart {
  private static final Duration BETWEEN_LOOKS_FOR_DUE_WORK = Duration.ofSeconds(1);
  private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(5);
  private static final Duration BETWEEN_CLEANINGS = Duration.ofMinutes(1);
  private static final int REMOVED_AT_ONCE = 100;

  private JobWorker worker;

  @Resource ManagedExecutorService executor;

  @Produces
  @Singleton
  JobSettings settings(Settings settings) {
    return JobSettings.read(settings);
  }

  void start(
      @Observes @Initialized(ApplicationScoped.class) Object event,
      DataSource database,
      Jobs jobs,
      JobKinds kinds,
      JobSignals signals,
      JobFiles files,
      JobEvents events,
      JobSettings settings,
      Clock clock,
      RandomGenerator random,
      MetricRegistry registry,
      Periodic periodic) {
    JobFigures figures = new JobFigures(registry, clock);
    worker = new JobWorker(database, jobs, kinds, signals, clock, random, settings, figures::ended);
    figures.show(kinds, worker);
    worker.start(executor);
    events.start(signals, periodic);
    periodic.every(BETWEEN_LOOKS_FOR_DUE_WORK, "look for due jobs", worker::admit);
    periodic.every(BETWEEN_COUNTS, "count of jobs", () -> figures.refresh(jobs.counts()));
    periodic.every(
        BETWEEN_CLEANINGS,
        "removal of old jobs",
        () -> removeOld(jobs, files, clock, settings.retention()));
  }

  /** Files first: what is left of them after a crash is still found by its job. */
  static void removeOld(Jobs jobs, JobFiles files, Clock clock, Duration retention) {
    List<UUID> old;
    do {
      old = jobs.overBefore(clock.instant().minus(retention), REMOVED_AT_ONCE);
      old.forEach(files::remove);
      jobs.remove(old);
    } while (old.size() >= REMOVED_AT_ONCE);
  }

  @PreDestroy
  void stop() {
    if (worker != null) {
      worker.stop();
    }
  }
}
