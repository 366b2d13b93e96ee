package io.kailash.transfer.uploads;

import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * How a file is to be read, as its sender says.
 *
 * @param format {@code csv}, {@code ndjson} or, for a taxonomy, one of its importer; null to guess
 * @param delimiter one character; null to guess
 * @param charset name of the encoding; null for UTF-8
 * @param mapping from the name of a column to that of a field, to {@code attributes.<name>}, or to
 *     {@code -} for a column that is left out
 * @param taxonomy code; null where the rows say it or there is only one
 * @param name of a new taxonomy, or null
 */
record UploadOptions(
    String format,
    String delimiter,
    String charset,
    Map<String, String> mapping,
    String taxonomy,
    String name) {
  static final String CSV = "csv";
  static final String NDJSON = "ndjson";
  static final String LEFT_OUT = "-";
  static final String ATTRIBUTE = "attributes.";
  private static final int MAX_MAPPINGS = 1000;

  UploadOptions {
    mapping = mapping == null ? Map.of() : mapping;
  }

  /**
   * Reads them.
   *
   * @param values all values of a parameter, by its name
   * @throws ProblemException 422 naming every wrong one
   */
  static UploadOptions read(UploadKind kind, Function<String, List<String>> values) {
    List<Problem.Violation> wrong = new ArrayList<>();
    String format = first(values, "format");
    if (format != null) {
      format = format.toLowerCase(Locale.ROOT);
      if (kind != UploadKind.TAXONOMY && !format.equals(CSV) && !format.equals(NDJSON)) {
        wrong.add(new Problem.Violation("?format", "is neither csv nor ndjson"));
      }
    }
    String delimiter = first(values, "delimiter");
    if (delimiter != null) {
      delimiter = delimiter.equals("tab") || delimiter.equals("\\t") ? "\t" : delimiter;
      if (delimiter.length() != 1 || "\"\r\n".contains(delimiter)) {
        wrong.add(new Problem.Violation("?delimiter", "is not one character, nor 'tab'"));
      }
    }
    String charset = first(values, "charset");
    if (charset != null && !isCharset(charset)) {
      wrong.add(new Problem.Violation("?charset", "is not the name of an encoding known here"));
    }
    Map<String, String> mapping = new LinkedHashMap<>();
    for (String entry : values.apply("map")) {
      int at = entry.lastIndexOf(':');
      String column = at < 0 ? "" : entry.substring(0, at).strip();
      String field = at < 0 ? "" : entry.substring(at + 1).strip();
      boolean known =
          field.equals(LEFT_OUT)
              || kind.place(field) >= 0
              || (kind == UploadKind.ITEMS
                  && field.startsWith(ATTRIBUTE)
                  && field.length() > ATTRIBUTE.length());
      if (column.isEmpty() || !known || mapping.size() == MAX_MAPPINGS) {
        wrong.add(
            new Problem.Violation(
                "?map",
                "'"
                    + Shown.of(entry)
                    + "' is not of the form column:field, with a field out of "
                    + kind.fields().stream().map(UploadKind.Field::name).toList()
                    + (kind == UploadKind.ITEMS ? ", attributes.<name>" : "")
                    + " or - to leave the column out"));
      } else {
        mapping.put(column, field);
      }
    }
    if (!wrong.isEmpty()) {
      throw ProblemException.invalid(wrong);
    }
    return new UploadOptions(
        format, delimiter, charset, mapping, first(values, "taxonomy"), first(values, "name"));
  }

  private static String first(Function<String, List<String>> values, String name) {
    List<String> all = values.apply(name);
    return all.isEmpty() || all.get(0).isBlank() ? null : all.get(0);
  }

  private static boolean isCharset(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException notEvenAName) {
      return false;
    }
  }

  Charset encoding() {
    try {
      return charset == null ? java.nio.charset.StandardCharsets.UTF_8 : Charset.forName(charset);
    } catch (UnsupportedCharsetException otherJava) {
      throw new UnreadableFileException("this instance does not know the encoding " + charset);
    }
  }
}
