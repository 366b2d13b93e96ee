package io.kailash.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** One run of a job, as its kind sees it. Safe to call from several threads. */
public final class JobRun {
  private static final Duration BETWEEN_REPORTS = Duration.ofMillis(500);

  private final Jobs jobs;
  private final Clock clock;
  private final Job job;
  private final Pace pace;
  private JsonNode checkpoint;
  private Instant nextReport = Instant.MIN;
  private String phase;
  private double fractionDone;
  private long done;
  private long failed;
  private long total;
  private volatile boolean cancelled;
  private volatile boolean pauseWanted;
  private volatile boolean instanceEnds;

  JobRun(Jobs jobs, Clock clock, Job job) {
    this.jobs = jobs;
    this.clock = clock;
    this.job = job;
    checkpoint = job.checkpoint();
    phase = job.phase();
    fractionDone = job.fractionDone();
    done = job.done();
    failed = job.failed();
    total = job.total();
    pace = new Pace(clock.instant(), done + failed);
  }

  /**
   * How far a run is.
   *
   * @param total -1 where unknown
   * @param rate items per second of late, or null
   */
  record Standing(
      String phase, double fractionDone, long done, long failed, long total, Double rate) {}

  /** What somebody wants of a run; {@code lost} where another run has taken its place. */
  record Wishes(boolean cancel, boolean pause, boolean lost) {}

  public UUID id() {
    return job.id();
  }

  /** What the work is about, as given when it was submitted. */
  public String subject() {
    return job.subject();
  }

  /** Who asked for it. */
  public String createdBy() {
    return job.createdBy();
  }

  public JsonNode parameters() {
    return job.parameters();
  }

  /** 1 for the first run of the job. */
  public int attempt() {
    return job.attempts();
  }

  /** Where to go on, as last written by {@link #checkpoint(Connection, Object)}; null at first. */
  public synchronized JsonNode checkpoint() {
    return checkpoint;
  }

  /**
   * Writes where to go on, in the caller's transaction: what was done and the knowledge of it
   * commit together. Kept over a kill, a failure and a pause.
   *
   * @param state written as JSON
   * @throws JobCancelledException where another run has taken the place of this one, as after a
   *     long standstill; the transaction must then be rolled back
   */
  public synchronized void checkpoint(Connection connection, Object state) throws SQLException {
    JsonNode written = Jobs.tree(state);
    if (!jobs.checkpoint(connection, job.id(), job.attempts(), written)) {
      cancelled = true;
      throw new JobCancelledException();
    }
    checkpoint = written;
  }

  /**
   * Tells how far the work is; written at most twice a second, and at every change of phase. Also
   * learns whether somebody wants it cancelled or paused.
   *
   * @param fractionDone from 0 to 1
   */
  public synchronized void progress(String phase, double fractionDone) {
    boolean newPhase = !phase.equals(this.phase);
    this.phase = phase;
    this.fractionDone = Math.max(0, Math.min(1, fractionDone));
    report(newPhase);
  }

  /**
   * Tells how many items are behind it, over all runs of the job; written at most twice a second.
   * Also learns whether somebody wants it cancelled or paused.
   *
   * @param done well
   * @param failed not well
   * @param total of all; -1 where unknown
   */
  public synchronized void count(long done, long failed, long total) {
    this.done = done;
    this.failed = failed;
    this.total = total;
    if (total > 0) {
      fractionDone = Math.min(1, (double) (done + failed) / total);
    }
    report(false);
  }

  private void report(boolean atOnce) {
    Instant now = clock.instant();
    if (now.isBefore(nextReport) && !atOnce) {
      return;
    }
    nextReport = now.plus(BETWEEN_REPORTS);
    Wishes wishes = jobs.report(job.id(), job.attempts(), standing(now), now);
    cancelled |= wishes.cancel() || wishes.lost();
    pauseWanted = wishes.pause();
  }

  synchronized Standing standing(Instant now) {
    return new Standing(
        phase, fractionDone, done, failed, total, pace.perSecond(now, done + failed));
  }

  /** Whether this work is to stop, as known from the last report. */
  public boolean cancelled() {
    return cancelled;
  }

  /**
   * Whether this work is to rest: somebody wants it, as known from the last report, or this
   * instance ends. The kind then writes its checkpoint and throws {@link JobPausedException}.
   */
  public boolean paused() {
    return pauseWanted || instanceEnds;
  }

  /**
   * Stops here if somebody wants it: what a kind calls between chunks.
   *
   * @throws JobCancelledException where it is to be cancelled
   * @throws JobPausedException where it is to be paused
   */
  public void heed() {
    if (cancelled) {
      throw new JobCancelledException();
    }
    if (paused()) {
      throw new JobPausedException();
    }
  }

  /** This instance ends: the kind is to stop as for a pause, and another goes on. */
  void rest() {
    instanceEnds = true;
  }

  /** Whether a person wants the pause, not only an instance that ends. */
  boolean pauseWanted() {
    return pauseWanted;
  }
}
