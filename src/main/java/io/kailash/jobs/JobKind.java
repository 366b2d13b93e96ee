package io.kailash.jobs;

import java.time.Duration;

/** A kind of background work, offered by the room that knows it as a bean. */
public interface JobKind {
  /** Name of the kind, as callers see it; unique. */
  String name();

  /**
   * Does the work. Called again if the instance that ran it has died, after a failure where {@link
   * #attempts()} allows it, and when a paused job is resumed; {@link JobRun#checkpoint()} then says
   * where to go on.
   *
   * @return what came of it, written as JSON into the job; null for nothing
   * @throws JobFailedException where the work cannot be done and a repetition would not help; its
   *     message is shown to callers
   * @throws JobTroubleException where a repetition may help; its message is shown to callers
   * @throws JobCancelledException where {@link JobRun#cancelled()} was heeded
   * @throws JobPausedException where {@link JobRun#paused()} was heeded
   */
  Object run(JobRun run);

  /** Jobs with a higher one are begun first; from -32768 to 32767. */
  default int priority() {
    return 0;
  }

  /** How many of this kind may run at the same time, over all instances; at least 1. */
  default int atOnce() {
    return Integer.MAX_VALUE;
  }

  /**
   * How often it is tried where a repetition may help (a {@link JobTroubleException} or an
   * unexpected failure). 1 means no repetition, and the job ends as {@code failed}; with more, a
   * job that fails every time ends as {@code dead}.
   */
  default int attempts() {
    return 1;
  }

  /** Pause before the second attempt; doubled before each further one, up to ten minutes. */
  default Duration backOff() {
    return Duration.ofSeconds(5);
  }

  /** Whether it heeds {@link JobRun#paused()}; where not, a request to pause it is refused. */
  default boolean pausable() {
    return true;
  }
}
