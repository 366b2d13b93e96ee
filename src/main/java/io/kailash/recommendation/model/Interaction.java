package io.kailash.recommendation.model;

import java.util.Objects;

/**
 * A user did something with an item.
 *
 * @param user the user's id
 * @param item the item's id
 * @param kind what was done
 * @param value the rating, where the kind is {@link Kind#RATING}; NaN where there is none
 * @param atMillis when, in milliseconds since 1970-01-01T00:00:00Z
 */
public record Interaction(String user, String item, Kind kind, float value, long atMillis) {

  /** Refuses missing parts. */
  public Interaction {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(item, "item");
    Objects.requireNonNull(kind, "kind");
  }
}
