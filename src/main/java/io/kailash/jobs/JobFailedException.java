package io.kailash.jobs;

/** Work cannot be done. The message says why, to the person who asked for it. */
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobFailedException(String why) {
    super(why);
  }

  public JobFailedException(String why, Throwable cause) {
    super(why, cause);
  }
}
