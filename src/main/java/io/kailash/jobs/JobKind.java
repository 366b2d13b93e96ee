package io.kailash.jobs;

/** A kind of background work, offered by the room that knows it as a bean. */
public interface JobKind {
  /** Name of the kind, as callers see it; unique. */
  String name();

  /**
   * Does the work. Called again from the start if the instance that ran it has died.
   *
   * @return what came of it, written as JSON into the job; null for nothing
   * @throws JobFailedException where the work cannot be done and a repetition would not help; its
   *     message is shown to callers
   * @throws JobCancelledException where {@link JobRun#cancelled()} was heeded
   */
  Object run(JobRun run);
}
