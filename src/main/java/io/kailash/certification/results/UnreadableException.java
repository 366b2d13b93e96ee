package io.kailash.certification.results;

import java.nio.file.Path;

/** A result or evidence that cannot be read; the message names the file, the line and why. */
public final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableException(Path file, String says) {
    super(file.getFileName() + ": " + says);
  }

  UnreadableException(Path file, String says, Throwable cause) {
    super(file.getFileName() + ": " + says, cause);
  }
}
