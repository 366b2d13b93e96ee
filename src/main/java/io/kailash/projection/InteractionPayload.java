package io.kailash.projection;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.kailash.platform.Json;
import io.kailash.platform.OutboxEvent;
import io.kailash.projection.Tables.Interaction;
import java.time.DateTimeException;
import java.time.Instant;

/** What the event of an interaction says; all there is to know about it. */
@JsonIgnoreProperties(ignoreUnknown = true)
record InteractionPayload(String user, String sku, String kind, Double value, String at) {

  /** Kind of these events. */
  static final String EVENT = "interaction";

  /**
   * Reads an event of kind {@code interaction}.
   *
   * @throws IllegalArgumentException where its payload is not one
   */
  static Interaction read(OutboxEvent event) {
    try {
      InteractionPayload read = Json.MAPPER.readValue(event.payload(), InteractionPayload.class);
      if (read.user == null || read.sku == null || read.kind == null || read.at == null) {
        throw new IllegalArgumentException("the interaction lacks user, sku, kind or at");
      }
      return new Interaction(
          read.user, read.sku, read.kind, read.value, Instant.parse(read.at).toEpochMilli());
    } catch (JsonProcessingException | DateTimeException notOne) {
      throw new IllegalArgumentException("the interaction cannot be read", notOne);
    }
  }
}
