package io.kailash.jobs;

/**
 * Work cannot be done now but perhaps later: something it needs is down. The message says what, to
 * the person who asked for it.
 */
public final class JobTroubleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobTroubleException(String why) {
    super(why);
  }

  public JobTroubleException(String why, Throwable cause) {
    super(why, cause);
  }
}
