package io.kailash.transfer.uploads;

import java.util.Map;

/**
 * A row as it stands in a file.
 *
 * @param line in which it begins, from 1
 * @param values by the place of the field in {@link UploadKind#fields()}; null where it is absent
 * @param attributes of columns mapped to single attributes, or of an object
 * @param wrong what is wrong already; null where nothing is
 */
record Row(long line, String[] values, Map<String, Object> attributes, Wrong wrong) {
  /**
   * Why a row is not taken.
   *
   * @param column as the file calls it; null for the row as a whole
   */
  record Wrong(String column, String reason) {}

  static Row wrong(long line, String column, String reason) {
    return new Row(line, new String[0], Map.of(), new Wrong(column, reason));
  }
}
