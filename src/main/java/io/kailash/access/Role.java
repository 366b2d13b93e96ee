package io.kailash.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a client may do; each role may do everything the ones before it may. */
public enum Role {
  /** Classify, recommend and read. */
  READER,
  /** Change items, taxonomies and labels, give feedback, train. */
  EDITOR,
  /** Activate models, manage clients, read the audit log. */
  ADMINISTRATOR;

  /** Whether it may do whatever {@code needed} may. */
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** Lower case, as in JSON and in the database. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The opposite of {@link #text()}. */
  @JsonCreator
  public static Role of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
