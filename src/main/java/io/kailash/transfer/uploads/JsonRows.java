package io.kailash.transfer.uploads;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.kailash.platform.Json;
import io.kailash.transfer.uploads.Columns.Column;
import io.kailash.transfer.uploads.UploadKind.Field;
import io.kailash.transfer.uploads.UploadKind.Form;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of NDJSON: one object a line. Empty lines are passed over. */
final class JsonRows implements RowReader {
  private final JsonFactory json = Json.MAPPER.getFactory();
  private final Reader text;
  private final int maxRowChars;
  private final List<Field> fields;
  private final Columns columns;
  private char[] buffer = new char[1 << 16];
  private int from;
  private int end;
  private boolean ended;
  private long line;

  JsonRows(Reader text, int maxRowChars, UploadKind kind, Columns columns) {
    this.text = text;
    this.maxRowChars = maxRowChars;
    this.fields = kind.fields();
    this.columns = columns;
  }

  @Override
  public String shown(String field) {
    return field;
  }

  @Override
  public Row next() throws IOException {
    while (true) {
      int length = line();
      if (length == NONE) {
        return null;
      }
      line++;
      if (length == TOO_LONG) {
        return Row.wrong(line, null, "has more than " + maxRowChars + " characters");
      }
      int first = from;
      from += length + 1;
      if (!isBlank(first, length)) {
        return row(first, length);
      }
    }
  }

  private static final int NONE = -1;
  private static final int TOO_LONG = -2;

  /** Length of the line that begins at {@link #from}; a line that is too long is passed over. */
  private int line() throws IOException {
    int looked = from;
    boolean tooLong = false;
    while (true) {
      for (int i = looked; i < end; i++) {
        if (buffer[i] == '\n') {
          if (tooLong) {
            from = i + 1;
            return TOO_LONG;
          }
          return i - from;
        }
      }
      if (ended) {
        int rest = end - from;
        if (tooLong) {
          from = end;
          return TOO_LONG;
        }
        return rest > 0 ? rest : NONE;
      }
      if (tooLong || end - from > maxRowChars) {
        tooLong = true;
        from = 0;
        end = 0;
      } else if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, end - from);
        end -= from;
        from = 0;
      }
      if (end == buffer.length) {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
      looked = end;
      int read = text.read(buffer, end, buffer.length - end);
      if (read < 0) {
        ended = true;
      } else {
        end += read;
      }
    }
  }

  private boolean isBlank(int first, int length) {
    for (int i = first; i < first + length; i++) {
      if (buffer[i] > ' ') {
        return false;
      }
    }
    return true;
  }

  private Row row(int first, int length) throws IOException {
    String[] values = new String[fields.size()];
    Map<String, Object> attributes = Map.of();
    String column = null;
    try (JsonParser parser = json.createParser(buffer, first, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Row.wrong(line, null, "is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        column = parser.currentName();
        JsonToken token = parser.nextToken();
        Column known = columns.of(column);
        if (!known.known()) {
          return Row.wrong(
              line,
              Shown.of(column),
              "is not a known field; known are " + fields.stream().map(Field::name).toList());
        }
        if (token == JsonToken.VALUE_NULL) {
          continue;
        }
        if (known.attribute() != null) {
          attributes = attributes.isEmpty() ? new LinkedHashMap<>() : attributes;
          attributes.put(known.attribute(), scalar(parser, token));
        } else if (known.field() < 0) {
          parser.skipChildren();
        } else if (fields.get(known.field()).form() == Form.OBJECT) {
          if (token != JsonToken.START_OBJECT) {
            return Row.wrong(line, column, "is not an object");
          }
          attributes = attributes.isEmpty() ? new LinkedHashMap<>() : attributes;
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            attributes.put(name, scalar(parser, parser.nextToken()));
          }
        } else {
          String wrong = wrong(fields.get(known.field()).form(), token);
          if (wrong != null) {
            return Row.wrong(line, column, wrong);
          }
          values[known.field()] = parser.getText();
        }
      }
      if (parser.nextToken() != null) {
        return Row.wrong(line, null, "has something behind its object");
      }
      return new Row(line, values, attributes, null);
    } catch (JsonProcessingException broken) {
      return Row.wrong(
          line,
          column == null ? null : Shown.of(column),
          broken.getOriginalMessage() != null
                  && broken.getOriginalMessage().startsWith("Duplicate field")
              ? "stands in the object twice"
              : "is not JSON from character " + broken.getLocation().getColumnNr());
    }
  }

  private static String wrong(Form form, JsonToken token) {
    return switch (form) {
      case TEXT -> token == JsonToken.VALUE_STRING ? null : "is not a text";
      case FLAG -> token.isBoolean() ? null : "is neither true nor false";
      case NUMBER -> token.isNumeric() ? null : "is not a number";
      case OBJECT -> "is not an object";
    };
  }

  /** The value of an attribute; what may not be one is left to the catalog's rules. */
  private static Object scalar(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_NULL -> null;
      default -> {
        parser.skipChildren();
        yield List.of();
      }
    };
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
