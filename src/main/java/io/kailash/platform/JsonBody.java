package io.kailash.platform;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/**
 * Reads and writes JSON bodies. A body that is larger than {@code kailash.http.max-json-bytes}, not
 * JSON or not of the expected shape is refused with the pointer of the place.
 */
@Provider
@Singleton
@Priority(1)
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public class JsonBody implements MessageBodyReader<Object>, MessageBodyWriter<Object> {
  private final int maxBytes;

  @Inject
  JsonBody(Settings settings) {
    maxBytes = settings.wholeNumber("kailash.http.max-json-bytes", 256 * 1024, 1024, 64 << 20);
  }

  @Override
  public boolean isReadable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
    return isJsonType(type);
  }

  @Override
  public boolean isWriteable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
    return isJsonType(type);
  }

  private static boolean isJsonType(Class<?> type) {
    return type != String.class
        && type != byte[].class
        && !InputStream.class.isAssignableFrom(type)
        && !StreamingOutput.class.isAssignableFrom(type);
  }

  @Override
  public Object readFrom(
      Class<Object> type,
      Type generic,
      Annotation[] annotations,
      MediaType media,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    byte[] bytes = body.readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw ProblemException.tooLarge(
          "a JSON body may have " + maxBytes + " bytes (setting kailash.http.max-json-bytes)");
    }
    if (bytes.length == 0) {
      throw ProblemException.malformed("the body is empty; JSON is expected");
    }
    try {
      Object value = Json.MAPPER.readValue(bytes, Json.MAPPER.constructType(generic));
      if (value == null) {
        throw ProblemException.malformed("", "is null; an object is expected");
      }
      return value;
    } catch (JsonProcessingException wrong) {
      throw refusal(wrong);
    }
  }

  @Override
  public void writeTo(
      Object value,
      Class<?> type,
      Type generic,
      Annotation[] annotations,
      MediaType media,
      MultivaluedMap<String, Object> headers,
      OutputStream out)
      throws IOException {
    byte[] body = Json.MAPPER.writeValueAsBytes(value);
    // Said here, so that nothing has to gather the body once more to find its length.
    headers.putSingle(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
    out.write(body);
  }

  /** The problem for a body that Jackson refused; used by readers of other JSON forms too. */
  public static ProblemException refusal(JsonProcessingException wrong) {
    String pointer = wrong instanceof JsonMappingException mapping ? pointer(mapping) : "";
    if (wrong.getCause() instanceof ProblemException inner) {
      return inner;
    }
    if (wrong instanceof UnrecognizedPropertyException unknown) {
      return ProblemException.malformed(
          pointer, "is not a known field; known are " + unknown.getKnownPropertyIds());
    }
    if (wrong instanceof StreamConstraintsException
        || wrong.getCause() instanceof StreamConstraintsException) {
      return ProblemException.malformed(
          pointer,
          "is nested deeper than "
              + Json.MAX_NESTING
              + " levels or has an overlong name or number");
    }
    if (wrong instanceof JsonParseException || wrong.getCause() instanceof JsonParseException) {
      String message = wrong.getOriginalMessage();
      if (message.startsWith("Duplicate field")) {
        return ProblemException.malformed(pointer, "has a repeated field: " + message);
      }
      return ProblemException.malformed("the body is not JSON" + place(wrong));
    }
    if (wrong instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      return ProblemException.malformed(
          pointer, "is not " + nameOf(mismatch.getTargetType()) + place(wrong));
    }
    return ProblemException.malformed(pointer, "cannot be read" + place(wrong));
  }

  private static String place(JsonProcessingException wrong) {
    return wrong.getLocation() == null || wrong.getLocation().getLineNr() < 1
        ? ""
        : " (line "
            + wrong.getLocation().getLineNr()
            + ", column "
            + wrong.getLocation().getColumnNr()
            + ")";
  }

  private static String nameOf(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    if (type.isArray() || Iterable.class.isAssignableFrom(type)) {
      return "a list";
    }
    if (type.isEnum()) {
      return "one of the allowed values";
    }
    return java.time.temporal.Temporal.class.isAssignableFrom(type) ? "a time" : "an object";
  }

  private static String pointer(JsonMappingException wrong) {
    StringBuilder pointer = new StringBuilder();
    for (JsonMappingException.Reference step : wrong.getPath()) {
      pointer.append('/');
      if (step.getFieldName() != null) {
        pointer.append(step.getFieldName().replace("~", "~0").replace("/", "~1"));
      } else {
        pointer.append(step.getIndex());
      }
    }
    return pointer.toString();
  }
}
