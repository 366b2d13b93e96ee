package io.kailash.taxonomy;

import java.io.IOException;
import java.io.Reader;

/**
 * Lines of a text with their numbers. A line ends with LF, CR LF or CR; a last one without is taken
 * for the place where the file was cut.
 */
final class Lines {
  private final Reader text;
  private final int maxLength;
  private final Refusals refusals;
  private final StringBuilder line = new StringBuilder();
  private int number;
  private int ahead = NOTHING;

  private static final int NOTHING = -2;

  Lines(Reader text, int maxLength, Refusals refusals) {
    this.text = text;
    this.maxLength = maxLength;
    this.refusals = refusals;
  }

  /** The next line that is neither blank nor begins with {@code #}; null at the end. */
  String nextContent() throws IOException {
    String next = next();
    while (next != null && (next.isBlank() || next.startsWith("#"))) {
      next = next();
    }
    return next;
  }

  /** The number of the line last returned, from 1. */
  int number() {
    return number;
  }

  private String next() throws IOException {
    int c = read();
    if (c < 0) {
      return null;
    }
    line.setLength(0);
    number++;
    while (c >= 0 && c != '\n' && c != '\r') {
      if (line.length() == maxLength) {
        throw refusals.fatal(number, "is longer than " + maxLength + " characters");
      }
      line.append((char) c);
      c = read();
    }
    if (c == '\r') {
      int following = read();
      if (following != '\n') {
        ahead = following;
      }
    } else if (c < 0 && !isContentFree()) {
      refusals.add(number, Refusals.CUT);
    }
    return line.toString();
  }

  private boolean isContentFree() {
    for (int i = 0; i < line.length(); i++) {
      if (!Character.isWhitespace(line.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private int read() throws IOException {
    if (ahead == NOTHING) {
      return text.read();
    }
    int c = ahead;
    ahead = NOTHING;
    return c;
  }
}
