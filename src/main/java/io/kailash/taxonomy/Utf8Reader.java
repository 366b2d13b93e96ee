package io.kailash.taxonomy;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 and refuses every line that is something else. It goes on behind such a place, with
 * U+FFFD in its stead, so that one pass finds all of them.
 */
final class Utf8Reader extends Reader {
  private final InputStream bytes;
  private final Refusals refusals;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final ByteBuffer input = ByteBuffer.allocate(1 << 14).limit(0);
  private final CharBuffer decoded = CharBuffer.allocate(1 << 13).limit(0);
  private boolean ended;
  private boolean afterCarriageReturn;
  private int line = 1;
  private int refusedLine;

  Utf8Reader(InputStream bytes, Refusals refusals) {
    this.bytes = bytes;
    this.refusals = refusals;
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    while (!decoded.hasRemaining()) {
      if (!decodeMore()) {
        return -1;
      }
    }
    int taken = Math.min(length, decoded.remaining());
    decoded.get(target, offset, taken);
    return taken;
  }

  /** Decodes into the emptied buffer; false at the end. */
  private boolean decodeMore() throws IOException {
    decoded.clear();
    CoderResult result = decoder.decode(input, decoded, ended);
    countLines();
    if (result.isError()) {
      refuseLine();
      input.position(input.position() + result.length());
      if (decoded.hasRemaining()) {
        decoded.put('\ufffd');
      }
    } else if (result.isUnderflow() && ended && decoded.position() == 0) {
      decoded.flip();
      return false;
    } else if (result.isUnderflow() && !ended) {
      fill();
    }
    decoded.flip();
    return true;
  }

  /** Lines read so far, counting the one begun. */
  int line() {
    return line;
  }

  private void fill() throws IOException {
    input.compact();
    int read = bytes.read(input.array(), input.position(), input.remaining());
    if (read < 0) {
      ended = true;
    } else {
      input.position(input.position() + read);
    }
    input.flip();
  }

  private void countLines() {
    for (int i = 0; i < decoded.position(); i++) {
      char c = decoded.get(i);
      if (c == '\r' || (c == '\n' && !afterCarriageReturn)) {
        line++;
      }
      afterCarriageReturn = c == '\r';
    }
  }

  private void refuseLine() {
    if (refusedLine != line) {
      refusedLine = line;
      refusals.add(line, "is not UTF-8");
    }
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
