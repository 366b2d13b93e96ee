package io.kailash.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** One run of a job, as its kind sees it. Safe to call from several threads. */
public final class JobRun {
  private static final Duration BETWEEN_REPORTS = Duration.ofMillis(500);

  private final Jobs jobs;
  private final Clock clock;
  private final UUID id;
  private final String subject;
  private final String createdBy;
  private final JsonNode parameters;
  private Instant nextReport = Instant.MIN;
  private String lastPhase = "";
  private volatile boolean cancelled;

  JobRun(Jobs jobs, Clock clock, Job job) {
    this.jobs = jobs;
    this.clock = clock;
    this.id = job.id;
    this.subject = job.subject;
    this.createdBy = job.createdBy;
    this.parameters = job.parametersAsJson();
  }

  public UUID id() {
    return id;
  }

  /** What the work is about, as given when it was submitted. */
  public String subject() {
    return subject;
  }

  /** Who asked for it. */
  public String createdBy() {
    return createdBy;
  }

  public JsonNode parameters() {
    return parameters;
  }

  /**
   * Tells how far the work is; written at most twice a second, and at every change of phase. Also
   * learns whether somebody wants it cancelled.
   *
   * @param fractionDone from 0 to 1
   */
  public synchronized void progress(String phase, double fractionDone) {
    Instant now = clock.instant();
    if (now.isBefore(nextReport) && phase.equals(lastPhase)) {
      return;
    }
    nextReport = now.plus(BETWEEN_REPORTS);
    lastPhase = phase;
    cancelled |= jobs.report(id, phase, Math.max(0, Math.min(1, fractionDone)));
  }

  /** Whether somebody wants this work to stop, as known from the last report. */
  public boolean cancelled() {
    return cancelled;
  }
}
