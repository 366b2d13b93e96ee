package io.kailash.platform;

/**
 * Rows in the text format of PostgreSQL's COPY: tabs between values, a line feed after each row,
 * {@code \N} for null. Values must not have U+0000, which PostgreSQL cannot store.
 */
public final class CopyText {
  private final StringBuilder text = new StringBuilder(1 << 16);
  private boolean firstOfRow = true;

  /** Adds a value to the row; null becomes SQL's null. */
  public CopyText value(String value) {
    separate();
    if (value == null) {
      text.append("\\N");
      return this;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        default -> text.append(c);
      }
    }
    return this;
  }

  /** Adds a number. */
  public CopyText value(long value) {
    separate();
    text.append(value);
    return this;
  }

  /** Ends the row. */
  public CopyText end() {
    text.append('\n');
    firstOfRow = true;
    return this;
  }

  private void separate() {
    if (!firstOfRow) {
      text.append('\t');
    }
    firstOfRow = false;
  }

  /** Length of what was added so far, in characters. */
  public int length() {
    return text.length();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
