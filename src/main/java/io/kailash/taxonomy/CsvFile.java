package io.kailash.taxonomy;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Our own format. Read by hand and not by a library, because an unclosed quote must be refused at
 * the line where it was opened, and before the rest of the file has been collected in memory.
 */
final class CsvFile {
  private static final Set<String> COLUMNS = Set.of("code", "name", "parent");
  private static final int NOTHING = -2;

  private final Reader text;
  private final int maxLength;
  private final Refusals refusals;
  private final List<String> fields = new ArrayList<>(3);
  private final StringBuilder field = new StringBuilder();
  private int ahead = NOTHING;
  private int line = 1;
  private int recordLine;

  private CsvFile(Reader text, int maxLength, Refusals refusals) {
    this.text = text;
    this.maxLength = maxLength;
    this.refusals = refusals;
  }

  static void read(Reader text, ImportLimits limits, Rows rows, Refusals refusals)
      throws IOException {
    CsvFile file = new CsvFile(text, limits.maxLineLength(), refusals);
    if (!file.nextRecord()) {
      throw refusals.fatal(1, "the file is empty; its first line is code,name,parent");
    }
    List<String> header =
        file.fields.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    if (header.size() != COLUMNS.size() || !Set.copyOf(header).equals(COLUMNS)) {
      throw refusals.fatal(
          file.recordLine, "is not the header; the columns are code,name,parent, in any order");
    }
    int code = header.indexOf("code");
    int name = header.indexOf("name");
    int parent = header.indexOf("parent");
    while (file.nextRecord()) {
      if (file.fields.size() != header.size()) {
        refusals.add(file.recordLine, "has " + file.fields.size() + " fields; the header has 3");
        continue;
      }
      String parentCode = file.fields.get(parent).strip();
      rows.add(
          file.recordLine,
          file.fields.get(code).strip(),
          file.fields.get(name).strip(),
          parentCode.isEmpty() ? null : parentCode);
    }
  }

  /** Reads one record into {@link #fields}, over blank lines; false at the end. */
  private boolean nextRecord() throws IOException {
    while (true) {
      recordLine = line;
      fields.clear();
      int end = readField();
      if (end < 0 && fields.get(0).isBlank()) {
        return false;
      }
      while (end == ',') {
        end = readField();
      }
      if (fields.size() == 1 && fields.get(0).isBlank()) {
        continue;
      }
      if (end < 0) {
        refusals.add(line, Refusals.CUT);
      }
      return true;
    }
  }

  /** Reads one field; returns what ended it: a comma, LF, or -1 at the end of the file. */
  private int readField() throws IOException {
    field.setLength(0);
    int c = read();
    if (c == '"') {
      readQuoted();
      c = read();
      if (c != ',' && c != '\n' && c >= 0) {
        refusals.add(line, "has text after a closing quote");
      }
    }
    boolean strayQuote = false;
    while (c != ',' && c != '\n' && c >= 0) {
      strayQuote |= c == '"';
      append(c, line);
      c = read();
    }
    if (strayQuote) {
      refusals.add(
          c == '\n' ? line - 1 : line, "has a quote inside a field that does not begin with one");
    }
    fields.add(field.toString());
    return c;
  }

  private void readQuoted() throws IOException {
    int opened = line;
    while (true) {
      int c = read();
      if (c < 0) {
        throw refusals.fatal(opened, "opens a quote that is not closed; the file may be cut");
      }
      if (c == '"') {
        int following = read();
        if (following != '"') {
          ahead = following;
          return;
        }
      }
      append(c, opened);
    }
  }

  private void append(int c, int begun) {
    if (field.length() == maxLength) {
      throw refusals.fatal(
          begun, "begins a field longer than " + maxLength + " characters; is a quote not closed?");
    }
    field.append((char) c);
  }

  /** The next character, with every line end as LF; counts lines. */
  private int read() throws IOException {
    if (ahead != NOTHING) {
      int c = ahead;
      ahead = NOTHING;
      return c;
    }
    int c = text.read();
    if (c == '\r') {
      text.mark(1);
      if (text.read() != '\n') {
        text.reset();
      }
      c = '\n';
    }
    if (c == '\n') {
      line++;
    }
    return c;
  }
}
