package io.kailash.jobs;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** What one instance of the service does of this room, without the rest of the service. */
public final class Instance implements AutoCloseable {
  final Jobs jobs;
  final JobFiles files;
  final JobWorker worker;
  private final AtomicLong ended = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService chores = Executors.newSingleThreadScheduledExecutor();

  Instance(DataSource database, int workers, List<JobKind> offered) {
    Clock clock = Clock.systemUTC();
    JobKinds kinds = new JobKinds(offered);
    JobSignals signals = new JobSignals();
    JobSettings settings =
        new JobSettings(
            workers, Duration.ofMillis(100), Duration.ofSeconds(1), 10, Duration.ofDays(7), 10);
    jobs = new Jobs(database, clock, kinds, signals);
    files = new JobFiles(database, clock);
    worker =
        new JobWorker(
            database,
            jobs,
            kinds,
            signals,
            clock,
            new Random(1),
            settings,
            (kind, outcome, took) -> ended.incrementAndGet());
  }

  Instance begin() {
    worker.start(threads);
    chores.scheduleWithFixedDelay(worker::admit, 0, 100, TimeUnit.MILLISECONDS);
    return this;
  }

  /** Runs that have ended on this instance. */
  long ended() {
    return ended.get();
  }

  @Override
  public void close() {
    chores.shutdown();
    worker.stop();
    threads.shutdownNow();
  }
}
