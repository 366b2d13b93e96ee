package io.kailash.transfer.batch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.kailash.platform.Json;
import io.kailash.platform.JsonBody;
import io.kailash.platform.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Cuts a body that is in memory into its items. */
final class BatchBody {
  private BatchBody() {}

  /** At most {@code most} bytes of a body. */
  static byte[] read(InputStream body, int most) throws IOException {
    byte[] bytes = body.readNBytes(most + 1);
    if (bytes.length > most) {
      throw ProblemException.tooLarge(
          "a batch that is answered at once may have "
              + most
              + " bytes (setting kailash.batch.max-bytes); send it with ?as=job");
    }
    return bytes;
  }

  /** Lines of JSON; blank ones count as lines but are no items. */
  static List<BatchLine> lines(byte[] body, int maxItems) {
    List<BatchLine> lines = new ArrayList<>();
    long number = 0;
    int from = start(body);
    while (from < body.length) {
      int end = from;
      boolean blank = true;
      while (end < body.length && body[end] != '\n') {
        blank &= isBlank(body[end]);
        end++;
      }
      number++;
      if (!blank) {
        add(lines, BatchLine.of(number, body, from, end - from), maxItems);
      }
      from = end + 1;
    }
    return lines;
  }

  /** Elements of an array. */
  static List<BatchLine> elements(byte[] body, int maxItems) throws IOException {
    List<BatchLine> elements = new ArrayList<>();
    int begin = start(body);
    try (JsonParser parser =
        Json.MAPPER.getFactory().createParser(body, begin, body.length - begin)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw ProblemException.malformed("", "is not an array of items");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == null) {
          throw ProblemException.malformed("the body ends within the array");
        }
        long from = parser.currentTokenLocation().getByteOffset();
        parser.finishToken();
        parser.skipChildren();
        long end = parser.currentLocation().getByteOffset();
        add(
            elements,
            BatchLine.of(
                elements.size() + 1L,
                body,
                begin + Math.toIntExact(from),
                Math.toIntExact(end - from)),
            maxItems);
      }
      if (parser.nextToken() != null) {
        throw ProblemException.malformed("the body goes on after the array");
      }
    } catch (JsonProcessingException wrong) {
      throw JsonBody.refusal(wrong);
    }
    return elements;
  }

  private static void add(List<BatchLine> lines, BatchLine line, int maxItems) {
    if (lines.size() == maxItems) {
      throw ProblemException.tooLarge(
          "a batch that is answered at once may have "
              + maxItems
              + " items (setting kailash.batch.max-items); send it with ?as=job");
    }
    lines.add(line);
  }

  static boolean isBlank(byte one) {
    return one == ' ' || one == '\t' || one == '\r';
  }

  /** After a byte order mark. */
  static int start(byte[] body) {
    return body.length >= 3
            && body[0] == (byte) 0xef
            && body[1] == (byte) 0xbb
            && body[2] == (byte) 0xbf
        ? 3
        : 0;
  }
}
