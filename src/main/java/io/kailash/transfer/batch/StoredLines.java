package io.kailash.transfer.batch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Lines of JSON in a file that is read as it is wanted; a place is an offset in bytes. */
final class StoredLines extends BatchSource {
  private static final int BUFFER = 64 * 1024;
  private static final int MOST_BYTES_AT_ONCE = 8 << 20;

  private final InputStream in;
  private final int maxLineBytes;
  private final long total;

  /**
   * @param in stands at {@code place}
   * @param number of the line before that place
   */
  StoredLines(InputStream in, int maxLineBytes, long place, long number, long total) {
    super(place, number);
    this.in = new BufferedInputStream(in, BUFFER);
    this.maxLineBytes = maxLineBytes;
    this.total = total;
  }

  @Override
  List<BatchLine> next(int limit) throws IOException {
    List<BatchLine> lines = new ArrayList<>(limit);
    ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    long place = place();
    long number = number();
    long read = 0;
    while (lines.size() < limit && read < MOST_BYTES_AT_ONCE) {
      line.reset();
      int length = 0;
      boolean blank = true;
      int one = in.read();
      if (one < 0) {
        break;
      }
      while (one >= 0 && one != '\n') {
        // Of a line that is too long only the length matters.
        if (length <= maxLineBytes) {
          line.write(one);
          blank &= BatchBody.isBlank((byte) one);
          length++;
        }
        place++;
        read++;
        one = in.read();
      }
      if (one == '\n') {
        place++;
      }
      number++;
      if (!blank) {
        byte[] bytes = line.toByteArray();
        int from = number == 1 ? BatchBody.start(bytes) : 0;
        lines.add(BatchLine.of(number, bytes, from, length - from));
      }
    }
    passed(place, number);
    return lines;
  }

  @Override
  long total() {
    return total;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
