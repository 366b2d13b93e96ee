package io.kailash.jobs;

/** Work ended early because somebody asked for it. */
public final class JobCancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobCancelledException() {
    super("cancelled", null, false, false);
  }
}
