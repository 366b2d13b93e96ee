package io.kailash.platform;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * An opaque place in a list: callers hand back what they were given and need not know what is in
 * it.
 */
public final class Cursor {
  private Cursor() {}

  /** Writes the sort keys of the last row of a page. */
  public static String of(String... keys) {
    for (String key : keys) {
      if (key.indexOf('\u001f') >= 0) {
        throw new IllegalArgumentException("a sort key may not contain U+001F");
      }
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(String.join("\u001f", keys).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads them again.
   *
   * @throws ProblemException 422 where the cursor is not one of ours
   */
  public static String[] read(String cursor, int keys) {
    try {
      String[] parts =
          new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8)
              .split("\u001f", -1);
      if (parts.length == keys) {
        return parts;
      }
    } catch (IllegalArgumentException notOurs) {
      throw ProblemException.invalid("?cursor", "is not a cursor of this list");
    }
    throw ProblemException.invalid("?cursor", "is not a cursor of this list");
  }
}
