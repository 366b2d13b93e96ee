package io.kailash.taxonomy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.Reader;

/**
 * Objects with {@code code}, {@code name} and {@code parent} (absent or null at the top): in one
 * array, or one after another as in NDJSON.
 */
final class JsonFile {
  private final JsonParser json;
  private final Rows rows;
  private final Refusals refusals;

  private JsonFile(JsonParser json, Rows rows, Refusals refusals) {
    this.json = json;
    this.rows = rows;
    this.refusals = refusals;
  }

  static void read(Reader text, ImportLimits limits, Rows rows, Refusals refusals)
      throws IOException {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNameLength(200)
                    .maxStringLength(limits.maxLineLength())
                    .build())
            .build();
    try (JsonParser json = factory.createParser(text)) {
      new JsonFile(json, rows, refusals).readAll();
    } catch (JsonEOFException cut) {
      throw refusals.fatal(line(cut), "ends inside JSON; the file may be cut");
    } catch (StreamConstraintsException large) {
      throw refusals.fatal(
          line(large),
          "has a text longer than " + limits.maxLineLength() + " characters or nests too deep");
    } catch (JsonProcessingException wrong) {
      boolean repeated = wrong.getOriginalMessage().startsWith("Duplicate field");
      throw refusals.fatal(line(wrong), repeated ? "has a field twice" : "is not JSON");
    }
  }

  private void readAll() throws IOException {
    boolean array = json.nextToken() == JsonToken.START_ARRAY;
    if (array) {
      json.nextToken();
    }
    while (json.currentToken() != null && json.currentToken() != JsonToken.END_ARRAY) {
      readOne();
      json.nextToken();
    }
    if (array) {
      if (json.currentToken() == null) {
        throw refusals.fatal(
            json.currentLocation().getLineNr(), "ends inside JSON; the file may be cut");
      }
      if (json.nextToken() != null) {
        throw refusals.fatal(line(), "has more behind the end of the array");
      }
    }
  }

  private void readOne() throws IOException {
    int line = line();
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      refusals.add(line, "has something else than an object with code, name and parent");
      return;
    }
    String code = "";
    String name = "";
    String parent = null;
    boolean wrong = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      boolean known = field.equals("code") || field.equals("name") || field.equals("parent");
      if (!known) {
        refusals.add(line(), "has the unknown field '" + Rows.shown(field) + "'");
        wrong = true;
      } else if (value == JsonToken.VALUE_STRING) {
        String text = json.getText().strip();
        switch (field) {
          case "code" -> code = text;
          case "name" -> name = text;
          default -> parent = text;
        }
      } else if (value != JsonToken.VALUE_NULL || !field.equals("parent")) {
        refusals.add(line(), "has a " + field + " that is not a text");
        wrong = true;
      }
      json.skipChildren();
    }
    if (!wrong) {
      if (parent != null && parent.isEmpty()) {
        refusals.add(line, "has an empty parent; at the top it is null or absent");
        return;
      }
      rows.add(line, code, name, parent);
    }
  }

  private int line() {
    return json.currentTokenLocation().getLineNr();
  }

  private static int line(JsonProcessingException failure) {
    return failure.getLocation() == null ? 1 : Math.max(1, failure.getLocation().getLineNr());
  }
}
