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

  /**
   * A category on the way from the root: level, code and name.
   *
   * @param confidence from 0 to 1
   */
  @JsonSerialize(using = Step.Writer.class)
  record Step(NamedCategory category, double confidence) {
    static final class Writer extends JsonSerializer<Step> {
      @Override
      public void serialize(Step step, JsonGenerator json, SerializerProvider provider)
          throws IOException {
        write(step.category.onTheWay, step.confidence, json);
      }
    }
  }

  /**
   * One of several categories: code, name and path.
   *
   * @param confidence from 0 to 1
   */
  @JsonSerialize(using = Candidate.Writer.class)
  record Candidate(NamedCategory category, double confidence) {
    static final class Writer extends JsonSerializer<Candidate> {
      @Override
      public void serialize(Candidate one, JsonGenerator json, SerializerProvider provider)
          throws IOException {
        write(one.category.withPath, one.confidence, json);
      }
    }
  }

  private static void write(SerializedString fields, double confidence, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeRaw(fields);
    // The generator knows of no field before this one, so the comma is among those written raw.
    json.writeNumberField("confidence", confidence);
    json.writeEndObject();
  }
}
