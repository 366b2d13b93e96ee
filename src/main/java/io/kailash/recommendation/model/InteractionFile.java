package io.kailash.recommendation.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Interactions in a file: NDJSON (names ending in {@code .json}, {@code .jsonl}, {@code .ndjson}),
 * or values parted by a separator (any other name); compressed with gzip if the name ends in {@code
 * .gz}. UTF-8.
 */
public final class InteractionFile implements InteractionSource {

  /** Times before this number are seconds, from it on milliseconds: the year 5138, or 1973. */
  private static final double SECONDS_BELOW = 1e11;

  /**
   * What the fields are called.
   *
   * @param user field of the user: a name in the header line or in the JSON object, or the number
   *     of a column from 1 on where the file has no header line
   * @param item field of the item
   * @param value field of the rating; blank for none; so for the next two
   * @param time field of the time: RFC 3339, or seconds or milliseconds since 1970
   * @param kind field of the kind; without one, all rows are ratings if there is a field of the
   *     value, else views
   * @param separator between the values of a line
   */
  public record Fields(
      String user, String item, String value, String time, String kind, char separator) {

    /** Refuses blank names where one is needed. */
    public Fields {
      if (user.isBlank() || item.isBlank()) {
        throw new IllegalArgumentException("the fields of user and item must be named");
      }
    }

    /**
     * The names that {@link InteractionFile#write} writes.
     *
     * @return the names
     */
    public static Fields standard() {
      return new Fields("user", "item", "value", "time", "kind", ',');
    }

    boolean numbered() {
      return user.chars().allMatch(c -> c >= '0' && c <= '9');
    }
  }

  private final Path file;
  private final Fields fields;

  /**
   * A file that is read at each {@link #forEach}.
   *
   * @param file the file
   * @param fields what its fields are called
   */
  public InteractionFile(Path file, Fields fields) {
    this.file = file;
    this.fields = fields;
  }

  /**
   * Writes NDJSON with the standard names.
   *
   * @param source what to write
   * @param file where to; replaced
   * @throws IOException if writing fails
   */
  public static void write(InteractionSource source, Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    boolean gzip = file.getFileName().toString().endsWith(".gz");
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream out = gzip ? new GZIPOutputStream(raw, 1 << 16) : raw;
        BufferedWriter writer =
            new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
      source.forEach(
          interaction -> {
            ObjectNode row = mapper.createObjectNode();
            row.put("user", interaction.user());
            row.put("item", interaction.item());
            row.put("kind", interaction.kind().name().toLowerCase(Locale.ROOT));
            if (Float.isFinite(interaction.value())) {
              row.put("value", interaction.value());
            }
            row.put("time", Instant.ofEpochMilli(interaction.atMillis()).toString());
            try {
              writer.write(mapper.writeValueAsString(row));
              writer.write('\n');
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Reads all rows.
   *
   * @throws UncheckedIOException if the file cannot be read, or a row cannot be used; the message
   *     begins with file and line
   */
  @Override
  public void forEach(Consumer<Interaction> reader) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(".gz");
    String bare = gzip ? name.substring(0, name.length() - 3) : name;
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    in,
                    StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)))) {
      if (bare.endsWith(".json") || bare.endsWith(".jsonl") || bare.endsWith(".ndjson")) {
        readJson(lines, reader);
      } else {
        readSeparated(lines, reader);
      }
    } catch (CharacterCodingException e) {
      throw new UncheckedIOException(new IOException(file + ": is not UTF-8", e));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void readJson(BufferedReader lines, Consumer<Interaction> reader) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    long number = 0;
    String line;
    while ((line = lines.readLine()) != null) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      JsonNode row;
      try {
        row = mapper.readTree(line);
      } catch (JsonProcessingException e) {
        throw new IOException(file + ":" + number + ": is not JSON: " + e.getOriginalMessage(), e);
      }
      if (!row.isObject()) {
        throw new IOException(file + ":" + number + ": is not a JSON object");
      }
      reader.accept(
          interaction(
              field -> {
                JsonNode value = row.get(field);
                return value == null || value.isNull() ? null : value.asText();
              },
              number));
    }
  }

  private void readSeparated(BufferedReader lines, Consumer<Interaction> reader)
      throws IOException {
    CSVFormat.Builder format =
        CSVFormat.RFC4180.builder().setDelimiter(fields.separator()).setIgnoreEmptyLines(true);
    if (!fields.numbered()) {
      format.setHeader().setSkipHeaderRecord(true);
    }
    try (CSVParser parser = CSVParser.parse(lines, format.get())) {
      if (!fields.numbered()) {
        for (String field : new String[] {fields.user(), fields.item()}) {
          if (!parser.getHeaderMap().containsKey(field)) {
            throw new IOException(
                file
                    + ":1: there is no column '"
                    + field
                    + "'; there are "
                    + parser.getHeaderNames());
          }
        }
      }
      for (CSVRecord row : parser) {
        long number = parser.getCurrentLineNumber();
        reader.accept(interaction(field -> column(row, field, number), number));
      }
    } catch (UncheckedIOException | IllegalStateException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private String column(CSVRecord row, String field, long line) {
    if (!fields.numbered()) {
      return row.isMapped(field) && row.isSet(field) ? row.get(field) : null;
    }
    int column;
    try {
      column = Integer.parseInt(field);
    } catch (NumberFormatException e) {
      throw new IllegalStateException(
          "line " + line + ": '" + field + "' is not the number of a column", e);
    }
    return column >= 1 && column <= row.size() ? row.get(column - 1) : null;
  }

  private Interaction interaction(UnaryOperator<String> row, long line) throws IOException {
    String user = needed(row, fields.user(), line);
    String item = needed(row, fields.item(), line);
    String value = optional(row, fields.value());
    String kindText = optional(row, fields.kind());
    Kind kind = value == null ? Kind.VIEW : Kind.RATING;
    if (kindText != null) {
      try {
        kind = Kind.valueOf(kindText.trim().toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ":" + line + ": there is no kind '" + kindText + "'", e);
      }
    }
    float rating = Float.NaN;
    if (value != null) {
      try {
        rating = Float.parseFloat(value.trim());
      } catch (NumberFormatException e) {
        throw new IOException(file + ":" + line + ": '" + value + "' is not a number", e);
      }
    }
    return new Interaction(user, item, kind, rating, millis(optional(row, fields.time()), line));
  }

  private long millis(String time, long line) throws IOException {
    if (time == null) {
      return 0;
    }
    String trimmed = time.trim();
    try {
      if (trimmed.indexOf('-', 1) > 0 && trimmed.indexOf(':') > 0) {
        return OffsetDateTime.parse(trimmed).toInstant().toEpochMilli();
      }
      double number = Double.parseDouble(trimmed);
      if (Double.isFinite(number)) {
        return Math.round(Math.abs(number) < SECONDS_BELOW ? number * 1000 : number);
      }
    } catch (DateTimeParseException | NumberFormatException e) {
      throw new IOException(file + ":" + line + ": '" + time + "' is not a time", e);
    }
    throw new IOException(file + ":" + line + ": '" + time + "' is not a time");
  }

  private String needed(UnaryOperator<String> row, String field, long line) throws IOException {
    String value = row.apply(field);
    if (value == null || value.isBlank()) {
      throw new IOException(file + ":" + line + ": has no field '" + field + "'");
    }
    return value.trim();
  }

  private static String optional(UnaryOperator<String> row, String field) {
    String value = field.isBlank() ? null : row.apply(field);
    return value == null || value.isBlank() ? null : value;
  }
}
