package io.kailash.classification;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.kailash.platform.Json;
import java.io.IOException;
import java.util.List;

/**
 * A category as answers tell of it, with its names from the root down; the level of a root is 1.
 * Its JSON is made once: answers say the same about the same few categories all the time.
 */
@JsonSerialize(using = NamedCategory.Whole.class)
final class NamedCategory {
  private final SerializedString whole;
  private final SerializedString onTheWay;
  private final SerializedString withPath;

  private record WholeFields(String code, String name, List<String> path, int level) {}

  private record WayFields(int level, String code, String name) {}

  private record PathFields(String code, String name, List<String> path) {}

  NamedCategory(String code, String name, List<String> path, int level) {
    try {
      whole =
          new SerializedString(
              Json.MAPPER.writeValueAsString(new WholeFields(code, name, path, level)));
      onTheWay = beginning(new WayFields(level, code, name));
      withPath = beginning(new PathFields(code, name, path));
    } catch (JsonProcessingException notJson) {
      throw new IllegalStateException("category " + code + " cannot be written as JSON", notJson);
    }
  }

  /** The fields of an object to which another field is added. */
  private static SerializedString beginning(Object fields) throws JsonProcessingException {
    String json = Json.MAPPER.writeValueAsString(fields);
    return new SerializedString(json.substring(1, json.length() - 1) + ',');
  }

  /** Writes all that is known of a category. */
  static final class Whole extends JsonSerializer<NamedCategory> {
    @Override
    public void serialize(NamedCategory category, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeRawValue(category.whole);
    }
  }

  /** On the way from the root: level, code and name. */
  Rated onTheWay(double confidence) {
    return new Rated(onTheWay, confidence);
  }

  /** As one of several: code, name and path. */
  Rated withPath(double confidence) {
    return new Rated(withPath, confidence);
  }

  /**
   * What an answer tells of a category, and how sure it is of it.
   *
   * @param confidence from 0 to 1
   */
  @JsonSerialize(using = Rated.Writer.class)
  record Rated(SerializedString fields, double confidence) {
    static final class Writer extends JsonSerializer<Rated> {
      @Override
      public void serialize(Rated one, JsonGenerator json, SerializerProvider provider)
          throws IOException {
        json.writeStartObject();
        json.writeRaw(one.fields);
        // The generator knows of no field before this one, so the comma is among those written
        // raw.
        json.writeNumberField("confidence", one.confidence);
        json.writeEndObject();
      }
    }
  }
}
