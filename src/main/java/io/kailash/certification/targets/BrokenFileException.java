package io.kailash.certification.targets;

import java.nio.file.Path;
import java.util.List;

/**
 * A file that is not what it has to be; the message names the file, the lines and what is wrong.
 */
public final class BrokenFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A file with mistakes.
   *
   * @param file which file
   * @param problems each with its line, if it has one
   */
  public BrokenFileException(Path file, List<String> problems) {
    super(file + ": " + String.join("; ", problems));
  }

  /** A file that could not even be read. */
  public BrokenFileException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
