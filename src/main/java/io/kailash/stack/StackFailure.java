package io.kailash.stack;

/**
 * The stack could not start or go on. The message is one line for the person at the terminal and
 * names the setting that would help, where there is one.
 */
public final class StackFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A failure that the person at the terminal can act on. */
  public StackFailure(String message) {
    super(message);
  }

  /** The same, with what lies behind it. */
  public StackFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
