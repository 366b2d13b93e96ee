package io.kailash.recommendation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.platform.Json;
import io.kailash.platform.OutboxEvent;
import io.kailash.recommendation.model.Kind;
import java.time.Instant;
import java.util.Locale;

/**
 * An interaction as PostgreSQL holds it.
 *
 * @param id grows with every interaction that comes in, whenever it happened
 * @param value of a rating, 0 to 5; else null
 * @param at when it happened
 */
public record InteractionSeen(
    long id, String user, String sku, Kind kind, Double value, Instant at) {
  /** Kind of the outbox events that carry interactions. */
  public static final String EVENT = "interaction";

  /**
   * Reads what the outbox carries.
   *
   * @throws IllegalArgumentException where it is a removal, or no interaction
   */
  public static InteractionSeen read(OutboxEvent event) {
    if (!event.kind().equals(EVENT) || event.removed() || event.payload() == null) {
      throw new IllegalArgumentException("is no new interaction");
    }
    try {
      JsonNode payload = Json.MAPPER.readTree(event.payload());
      JsonNode value = payload.path("value");
      return new InteractionSeen(
          event.version(),
          payload.required("user").asText(),
          payload.required("sku").asText(),
          kind(payload.required("kind").asText()),
          value.isNumber() ? value.asDouble() : null,
          Instant.parse(payload.required("at").asText()));
    } catch (JsonProcessingException notJson) {
      throw new IllegalArgumentException("is not JSON", notJson);
    }
  }

  /** The kind that the API writes so. */
  static Kind kind(String text) {
    return Kind.valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** As the API and the tables write a kind. */
  static String text(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
