package io.kailash.transfer.uploads;

import java.io.IOException;

/** The rows of a file, one after another. The same file is always read as the same rows. */
interface RowReader extends AutoCloseable {
  /**
   * The next row; null at the end.
   *
   * @throws UnreadableFileException where the rest cannot be read
   */
  Row next() throws IOException;

  /** The name of a field as the file has it. */
  String shown(String field);

  @Override
  void close() throws IOException;
}
