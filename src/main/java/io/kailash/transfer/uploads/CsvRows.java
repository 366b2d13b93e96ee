package io.kailash.transfer.uploads;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.kailash.transfer.uploads.Columns.Column;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of CSV (RFC 4180, any delimiter). A value without quotes and characters is absent; in quotes
 * it is an empty text. A row that breaks the rules of quoting is given back as wrong, and reading
 * begins anew in the line behind its first, as often as {@value #MOST_RESUMPTIONS} times.
 */
final class CsvRows implements RowReader {
  private static final int MOST_RESUMPTIONS = 20;

  /** The library reads in pieces of this size and needs room for two. */
  private static final int LEAST_BUFFER = 1 << 15;

  /** Gives a file's text from its beginning, as often as it is asked. */
  interface Text {
    Reader open() throws IOException;
  }

  private final Text text;
  private final char delimiter;
  private final int maxRowChars;
  private final Handler handler;
  private final List<String> header;
  private final List<Column> columns;
  private final String[] shown;
  private final List<String> names;
  private final int fields;
  private CsvReader<Raw> reader;
  private CloseableIterator<Raw> rows;
  private int resumptions;

  /**
   * A record.
   *
   * @param quoted whether a value stood in quotes
   */
  private record Raw(long line, String[] values, boolean[] quoted) {}

  /** Begins at the header. */
  CsvRows(Text text, char delimiter, int maxRowChars, UploadKind kind, Columns known)
      throws IOException {
    this.text = text;
    this.delimiter = delimiter;
    this.maxRowChars = maxRowChars;
    handler = new Handler(maxRowChars);
    fields = kind.fields().size();
    open(0);
    Raw first = record();
    if (first == null) {
      throw new UnreadableFileException("the file is empty; a header line is expected");
    }
    if (first.values() == null) {
      throw new UnreadableFileException("line 1: the header cannot be read as CSV");
    }
    header = List.of(first.values());
    columns = known.of(header);
    shown = new String[fields];
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).field() >= 0) {
        shown[columns.get(i).field()] = header.get(i);
      }
    }
    for (int i = 0; i < fields; i++) {
      shown[i] = shown[i] == null ? kind.fields().get(i).name() : shown[i];
    }
    names = kind.fields().stream().map(UploadKind.Field::name).toList();
  }

  List<String> header() {
    return header;
  }

  List<Column> columns() {
    return columns;
  }

  @Override
  public String shown(String field) {
    int place = names.indexOf(field);
    return place < 0 ? field : shown[place];
  }

  @Override
  public Row next() throws IOException {
    Raw raw = record();
    if (raw == null) {
      return null;
    }
    if (raw.values() == null) {
      return broken(raw);
    }
    if (raw.values().length != columns.size()) {
      if (spansLines(raw)) {
        // Most likely a quote that is not closed: the lines it took in are rows of their own.
        return broken(resumed(raw.line()));
      }
      return Row.wrong(
          raw.line(),
          null,
          "has " + raw.values().length + " columns; the header has " + columns.size());
    }
    String[] values = new String[fields];
    Map<String, Object> attributes = Map.of();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      String value = raw.values()[i];
      if (value.isEmpty() && !raw.quoted()[i]) {
        continue;
      }
      if (column.field() >= 0) {
        values[column.field()] = value;
      } else if (column.attribute() != null) {
        if (attributes.isEmpty()) {
          attributes = new LinkedHashMap<>();
        }
        attributes.put(column.attribute(), value);
      }
    }
    return new Row(raw.line(), values, attributes, null);
  }

  private Row broken(Raw raw) {
    return Row.wrong(
        raw.line(),
        null,
        "is not CSV: a quote is not closed, or something follows a closing quote, or the row has"
            + " more than "
            + maxRowChars
            + " characters");
  }

  private static boolean spansLines(Raw raw) {
    for (int i = 0; i < raw.values().length; i++) {
      if (raw.quoted()[i] && raw.values()[i].indexOf('\n') >= 0) {
        return true;
      }
    }
    return false;
  }

  /** The next record; without values where it breaks the rules; null at the end. */
  private Raw record() throws IOException {
    try {
      return rows.hasNext() ? rows.next() : null;
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    } catch (CsvParseException broken) {
      return resumed(handler.begun);
    }
  }

  /** Begins anew behind the first line of a broken record. */
  private Raw resumed(long line) throws IOException {
    if (++resumptions > MOST_RESUMPTIONS) {
      throw new UnreadableFileException(
          "line "
              + line
              + ": the quotes of the file are broken in more than "
              + MOST_RESUMPTIONS
              + " places; it was read up to here");
    }
    open(line);
    return new Raw(line, null, null);
  }

  /** Begins behind a line; 0 is the beginning. */
  private void open(long line) throws IOException {
    if (reader != null) {
      reader.close();
    }
    Reader source = text.open();
    skip(source, line);
    handler.before = line;
    reader =
        CsvReader.builder()
            .fieldSeparator(delimiter)
            .maxBufferSize(Math.max(maxRowChars, LEAST_BUFFER))
            .allowExtraFields(true)
            .allowMissingFields(true)
            .skipEmptyLines(true)
            .build(handler, source);
    rows = reader.iterator();
  }

  private static void skip(Reader source, long lines) throws IOException {
    long left = lines;
    char[] one = new char[1];
    boolean carriageReturn = false;
    while (left > 0 && source.read(one) > 0) {
      if (one[0] == '\n' && carriageReturn) {
        carriageReturn = false;
        left--;
      } else if (carriageReturn) {
        throw new UnreadableFileException(
            "lines that end with a carriage return alone and broken quotes cannot be read"
                + " together");
      } else if (one[0] == '\n') {
        left--;
      } else {
        carriageReturn = one[0] == '\r';
      }
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private static final class Handler extends AbstractBaseCsvCallbackHandler<Raw> {
    private final List<String> values = new ArrayList<>();
    private final int maxRowChars;
    private boolean[] quoted = new boolean[16];
    private long chars;
    private long before;
    private long begun;

    Handler(int maxRowChars) {
      this.maxRowChars = maxRowChars;
    }

    @Override
    protected void handleBegin(long startingLineNumber) {
      values.clear();
      chars = 0;
      begun = before + startingLineNumber;
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean inQuotes) {
      chars += length;
      if (chars > maxRowChars) {
        throw new CsvParseException("a row that is too long");
      }
      if (values.size() == quoted.length) {
        quoted = Arrays.copyOf(quoted, quoted.length * 2);
      }
      quoted[values.size()] = inQuotes;
      values.add(length == 0 ? "" : new String(buffer, offset, length));
    }

    @Override
    protected Raw buildRecord() {
      return new Raw(begun, values.toArray(new String[0]), Arrays.copyOf(quoted, values.size()));
    }
  }
}
