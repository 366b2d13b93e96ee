package io.kailash.jobs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** What an operator needs to know of the queue: what waits, since when, what runs, what is dead. */
final class JobFigures {
  private static final Metadata JOBS =
      described("kailash_jobs", "Jobs of all instances that are not over, and dead ones.");
  private static final Metadata OLDEST =
      described("kailash_jobs_oldest_queued_seconds", "Age of the job that waits longest.");
  private static final Metadata ENDED =
      described("kailash_jobs_ended", "Runs of jobs that ended on this instance.");
  private static final Metadata SECONDS =
      described("kailash_jobs_run_seconds", "Time that runs of jobs took on this instance.");
  private static final List<String> STATES = List.of(Job.QUEUED, Job.RUNNING, Job.PAUSED, Job.DEAD);

  private final MetricRegistry registry;
  private final Clock clock;
  private volatile List<Jobs.Count> counts = List.of();

  JobFigures(MetricRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  private static Metadata described(String name, String description) {
    return Metadata.builder().withName(name).withDescription(description).build();
  }

  /** Shows the figures of every kind, at nought where there is nothing yet. */
  void show(JobKinds kinds, JobWorker worker) {
    for (JobKind kind : kinds.all()) {
      for (String status : STATES) {
        registry.gauge(
            JOBS,
            () -> count(kind.name(), status),
            new Tag("kind", kind.name()),
            new Tag("status", status));
      }
      registry.gauge(OLDEST, () -> oldest(kind.name()), new Tag("kind", kind.name()));
      for (String status : List.of(Job.SUCCEEDED, Job.FAILED)) {
        registry.counter(ENDED, new Tag("kind", kind.name()), new Tag("outcome", status));
      }
    }
    registry.gauge(
        described("kailash_jobs_running_here", "Jobs that run on this instance."), worker::running);
  }

  void refresh(List<Jobs.Count> now) {
    counts = now;
  }

  private long count(String kind, String status) {
    return counts.stream()
        .filter(c -> c.kind().equals(kind) && c.status().equals(status))
        .mapToLong(Jobs.Count::jobs)
        .sum();
  }

  private double oldest(String kind) {
    Instant now = clock.instant();
    return counts.stream()
        .filter(c -> c.kind().equals(kind) && c.status().equals(Job.QUEUED))
        .mapToDouble(c -> Math.max(0, Duration.between(c.oldest(), now).toMillis() / 1000.0))
        .max()
        .orElse(0);
  }

  void ended(String kind, String outcome, Duration took) {
    registry.counter(ENDED, new Tag("kind", kind), new Tag("outcome", outcome)).inc();
    registry.timer(SECONDS, new Tag("kind", kind)).update(took);
  }
}
