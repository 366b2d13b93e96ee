package io.kailash.transfer.uploads;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A text whose last line has an end, be it that the file left it out. */
final class EndingWithALine extends FilterInputStream {
  private int last = '\n';

  EndingWithALine(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int at, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int read = in.read(into, at, length);
    if (read > 0) {
      last = into[at + read - 1];
    } else if (read < 0 && last != '\n') {
      last = '\n';
      into[at] = '\n';
      return 1;
    }
    return read;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
