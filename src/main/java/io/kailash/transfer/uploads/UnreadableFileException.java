package io.kailash.transfer.uploads;

/** A file that cannot be read any further; the message is for its sender. */
final class UnreadableFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableFileException(String message) {
    super(message, null, false, false);
  }
}
