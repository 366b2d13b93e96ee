package io.kailash.classification.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Labelled items in a file of CSV with a header line, or of JSON with one object a line; either may
 * be compressed with gzip. UTF-8.
 */
final class LabelledFile {

  /** A row cannot be used; the message begins with file and line. */
  static final class BadRowException extends IOException {

    private static final long serialVersionUID = 1L;

    BadRowException(Path file, long line, String problem) {
      super(file + ":" + line + ": " + problem);
    }
  }

  /**
   * What the fields are called.
   *
   * @param title field of the title
   * @param brand field of the brand; blank for none; so for the next three
   * @param description field of the description
   * @param supplierCategory field of the supplier's category text
   * @param url field of the address
   * @param labels one field with a path, or one field per level from the root down
   * @param separator between the names of a path in one field
   */
  record Fields(
      String title,
      String brand,
      String description,
      String supplierCategory,
      String url,
      List<String> labels,
      String separator) {}

  /** Joins the names of a path to a code; a control character cannot be part of a name. */
  private static final String CODE_SEPARATOR = "\u001f";

  private final Path file;
  private final Fields fields;

  LabelledFile(Path file, Fields fields) {
    this.file = file;
    this.fields = fields;
  }

  /** Reads all rows; adds their categories to {@code categories}, by code. */
  List<Example> read(Map<String, CategoryTree.Category> categories) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(".gz");
    String bare = gzip ? name.substring(0, name.length() - 3) : name;
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    in,
                    StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)))) {
      if (bare.endsWith(".csv")) {
        return readCsv(reader, categories);
      }
      if (bare.endsWith(".json") || bare.endsWith(".jsonl") || bare.endsWith(".ndjson")) {
        return readJson(reader, categories);
      }
      throw new IOException(
          file + ": its name must end in .csv, .json, .jsonl or .ndjson, and .gz if compressed");
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": is not UTF-8", e);
    }
  }

  private List<Example> readJson(
      BufferedReader reader, Map<String, CategoryTree.Category> categories) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<Example> examples = new ArrayList<>();
    long number = 0;
    String line;
    while ((line = reader.readLine()) != null) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      JsonNode row;
      try {
        row = mapper.readTree(line);
      } catch (JsonProcessingException e) {
        throw new BadRowException(file, number, "is not JSON: " + e.getOriginalMessage());
      }
      if (!row.isObject()) {
        throw new BadRowException(file, number, "is not a JSON object");
      }
      examples.add(
          example(
              field -> {
                JsonNode value = row.get(field);
                return value == null || value.isNull()
                    ? null
                    : value.isValueNode() ? value.asText() : value.toString();
              },
              number,
              categories));
    }
    return examples;
  }

  private List<Example> readCsv(
      BufferedReader reader, Map<String, CategoryTree.Category> categories) throws IOException {
    List<Example> examples = new ArrayList<>();
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .get();
    try (CSVParser parser = CSVParser.parse(reader, format)) {
      List<String> needed = new ArrayList<>(fields.labels());
      needed.add(fields.title());
      for (String field : needed) {
        if (!parser.getHeaderMap().containsKey(field)) {
          throw new BadRowException(
              file, 1, "there is no column '" + field + "'; there are " + parser.getHeaderNames());
        }
      }
      for (CSVRecord row : parser) {
        examples.add(
            example(
                field -> row.isMapped(field) && row.isSet(field) ? row.get(field) : null,
                parser.getCurrentLineNumber(),
                categories));
      }
    } catch (java.io.UncheckedIOException | IllegalStateException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    return examples;
  }

  private Example example(
      UnaryOperator<String> row, long line, Map<String, CategoryTree.Category> categories)
      throws BadRowException {
    String title = row.apply(fields.title());
    if (title == null) {
      throw new BadRowException(
          file, line, "has no field '" + fields.title() + "' (set fields.title)");
    }
    List<String> path = new ArrayList<>();
    if (fields.labels().size() == 1) {
      String label = row.apply(fields.labels().get(0));
      if (label != null) {
        for (String name : label.split(Pattern.quote(fields.separator()), -1)) {
          path.add(name.trim());
        }
      }
    } else {
      for (String field : fields.labels()) {
        String name = row.apply(field);
        path.add(name == null ? "" : name.trim());
      }
    }
    while (!path.isEmpty() && path.get(path.size() - 1).isEmpty()) {
      path.remove(path.size() - 1);
    }
    if (path.isEmpty()) {
      throw new BadRowException(
          file, line, "has no label in " + fields.labels() + " (set fields.labels)");
    }
    String parent = null;
    for (String name : path) {
      if (name.isEmpty()) {
        throw new BadRowException(file, line, "its label lacks a level: " + path);
      }
      String code = parent == null ? name : parent + CODE_SEPARATOR + name;
      categories.putIfAbsent(code, new CategoryTree.Category(code, name, parent));
      parent = code;
    }
    return new Example(
        new ItemText(
            title,
            optional(row, fields.brand()),
            optional(row, fields.description()),
            optional(row, fields.supplierCategory()),
            optional(row, fields.url())),
        parent);
  }

  private static String optional(UnaryOperator<String> row, String field) {
    return field.isBlank() ? null : row.apply(field);
  }

  static Map<String, CategoryTree.Category> noCategories() {
    return new TreeMap<>();
  }
}
