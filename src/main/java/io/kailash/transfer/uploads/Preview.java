package io.kailash.transfer.uploads;

import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import io.kailash.transfer.uploads.Columns.Column;
import io.kailash.transfer.uploads.Row.Wrong;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a file would be read, shown by its first rows; nothing is kept of it.
 *
 * @param delimiter of CSV; null for NDJSON
 * @param charset as which the bytes are read
 * @param columns by their names, what each is; null for NDJSON
 * @param rows the first ones
 */
record Preview(
    String kind,
    String format,
    String delimiter,
    String charset,
    boolean packed,
    Map<String, String> columns,
    List<PreviewRow> rows) {
  private static final int ROWS = 20;

  /** A row as it would be taken, or why it would not. */
  record PreviewRow(long line, Map<String, Object> values, List<Wrong> errors) {}

  /**
   * Reads the beginning of a file.
   *
   * @param whole whether {@code sent} is all of it
   */
  static Preview of(
      byte[] sent,
      boolean whole,
      UploadKind kind,
      UploadOptions options,
      UploadSettings settings,
      Loading<?> loading)
      throws IOException {
    Glance glance = Glance.at(sent, whole, kind, options, settings);
    String text = text(glance, sent, options, settings, whole);
    Columns known = new Columns(kind, options.mapping());
    List<PreviewRow> rows = new ArrayList<>();
    boolean csv = glance.format().equals(UploadOptions.CSV);
    Map<String, String> columns = null;
    try (RowReader reader =
        csv
            ? new CsvRows(
                () -> new StringReader(text),
                glance.delimiter(),
                settings.maxRowChars(),
                kind,
                known)
            : new JsonRows(new StringReader(text), settings.maxRowChars(), kind, known)) {
      if (reader instanceof CsvRows table) {
        columns = new LinkedHashMap<>();
        for (int i = 0; i < table.header().size(); i++) {
          columns.put(table.header().get(i), meaning(kind, table.columns().get(i)));
        }
      }
      for (Row row = reader.next(); row != null && rows.size() < ROWS; row = reader.next()) {
        rows.add(row(row, kind, reader, loading));
      }
    }
    return new Preview(
        kind.text(),
        glance.format(),
        csv ? String.valueOf(glance.delimiter()) : null,
        options.encoding().name(),
        glance.packed(),
        columns,
        rows);
  }

  /** Without the row that is cut at the end, if it is. */
  private static String text(
      Glance glance, byte[] sent, UploadOptions options, UploadSettings settings, boolean whole)
      throws IOException {
    StringBuilder text = new StringBuilder();
    try (Reader reader =
        glance.text(
            Packed.open(new Packed.Counted(new ByteArrayInputStream(sent)), settings),
            options.encoding())) {
      char[] buffer = new char[1 << 14];
      for (int read = reader.read(buffer);
          read >= 0 && text.length() < Glance.BYTES;
          read = reader.read(buffer)) {
        text.append(buffer, 0, read);
      }
    } catch (UnreadableFileException cut) {
      if (whole) {
        throw cut;
      }
    }
    boolean all = whole && text.length() < Glance.BYTES;
    return all ? text.toString() : text.substring(0, text.lastIndexOf("\n") + 1);
  }

  private static String meaning(UploadKind kind, Column column) {
    return column.field() >= 0
        ? kind.fields().get(column.field()).name()
        : column.attribute() != null
            ? UploadOptions.ATTRIBUTE + column.attribute()
            : UploadOptions.LEFT_OUT;
  }

  private static PreviewRow row(Row row, UploadKind kind, RowReader reader, Loading<?> loading) {
    if (row.wrong() != null) {
      return new PreviewRow(row.line(), Map.of(), List.of(row.wrong()));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < row.values().length; i++) {
      if (row.values()[i] != null) {
        values.put(kind.fields().get(i).name(), row.values()[i]);
      }
    }
    if (!row.attributes().isEmpty()) {
      values.put("attributes", row.attributes());
    }
    List<Wrong> errors = new ArrayList<>();
    try {
      loading.checked(row);
    } catch (ProblemException invalid) {
      for (Problem.Violation error : invalid.problem().errors()) {
        String field = error.pointer().startsWith("/") ? error.pointer().substring(1) : "";
        errors.add(new Wrong(reader.shown(field), error.detail()));
      }
    }
    return new PreviewRow(row.line(), values, errors);
  }
}
