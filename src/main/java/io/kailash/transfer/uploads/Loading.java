package io.kailash.transfer.uploads;

import io.kailash.transfer.uploads.Row.Wrong;
import java.util.List;
import java.util.Map;

/**
 * How rows of one kind become what is stored.
 *
 * @param <T> a row that was checked
 */
interface Loading<T> {
  /**
   * Checks a row by itself.
   *
   * @throws io.kailash.platform.ProblemException 422 naming every offending field
   */
  T checked(Row row);

  /** What may not repeat in a file; null where anything may. */
  String key(T checked);

  /**
   * Writes rows in the caller's transaction.
   *
   * @param chunk with no key twice
   */
  Written write(List<T> chunk);

  /**
   * What came of a chunk.
   *
   * @param refused rows by their place in the chunk
   */
  record Written(int written, int unchanged, Map<Integer, Wrong> refused) {}
}
