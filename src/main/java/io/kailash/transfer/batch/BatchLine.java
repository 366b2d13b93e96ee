package io.kailash.transfer.batch;

/**
 * One item before it is read: a piece of the body, or an item of the catalog.
 *
 * @param number of the line, or of the element of an array, from 1
 * @param length of the piece; more than are kept where it is too long to be read
 * @param item what a selection found; null where the piece is to be read
 * @param wrong why there is no item; null where there is one
 */
record BatchLine(long number, byte[] bytes, int from, int length, BatchItem item, String wrong) {
  static BatchLine of(long number, byte[] bytes, int from, int length) {
    return new BatchLine(number, bytes, from, length, null, null);
  }

  static BatchLine of(long number, BatchItem item) {
    return new BatchLine(number, null, 0, 0, item, null);
  }

  static BatchLine wrong(long number, String why) {
    return new BatchLine(number, null, 0, 0, null, why);
  }
}
