package io.kailash.jobs;

/** Work stopped because somebody asked for a pause; it goes on from its checkpoint. */
public final class JobPausedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobPausedException() {
    super("paused", null, false, false);
  }
}
