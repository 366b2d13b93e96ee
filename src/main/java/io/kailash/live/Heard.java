package io.kailash.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.kailash.platform.Json;
import io.kailash.platform.LiveEvent;
import io.kailash.platform.LiveFeed;
import io.kailash.platform.LiveId;
import java.time.Instant;

/** An event as it was heard. Written once for all who listen, and read once for all filters. */
final class Heard {
  private final LiveEvent event;
  private volatile String json;
  private volatile String frame;
  private volatile String stream;
  private volatile JsonNode data;

  Heard(LiveEvent event) {
    this.event = event;
  }

  LiveId id() {
    return event.id();
  }

  String topic() {
    return event.topic();
  }

  String key() {
    return event.key();
  }

  /** Whether it tells that events are missing; then it is a message of its own. */
  boolean isGap() {
    return event.topic().equals(LiveFeed.GAP);
  }

  private String gap() {
    return "\"id\":\"" + event.id() + "\"," + event.data().substring(1);
  }

  /** As one of the events of a message. */
  String json() {
    String known = json;
    if (known == null) {
      StringBuilder text = new StringBuilder(event.data().length() + 120);
      text.append("{\"id\":\"").append(event.id()).append("\",\"topic\":\"");
      JsonStringEncoder.getInstance().quoteAsString(event.topic(), text);
      text.append("\",\"key\":\"");
      JsonStringEncoder.getInstance().quoteAsString(event.key(), text);
      text.append("\",\"at\":\"").append(Instant.ofEpochMilli(event.atMillis()));
      text.append("\",\"data\":").append(event.data()).append('}');
      known = text.toString();
      json = known;
    }
    return known;
  }

  /** As a message of its own. */
  String frame() {
    String known = frame;
    if (known == null) {
      known =
          isGap()
              ? "{\"type\":\"gap\"," + gap()
              : "{\"type\":\"events\",\"events\":[" + json() + "]}";
      frame = known;
    }
    return known;
  }

  /**
   * As a server-sent event. JSON has no line ends outside its texts, and there they are escaped.
   */
  String stream() {
    String known = stream;
    if (known == null) {
      known =
          "id: "
              + event.id()
              + "\nevent: "
              + event.topic()
              + "\ndata: "
              + (isGap() ? "{" + gap() : json())
              + "\n\n";
      stream = known;
    }
    return known;
  }

  /** What it says, for filters. */
  JsonNode data() {
    JsonNode known = data;
    if (known == null) {
      try {
        known = Json.MAPPER.readTree(event.data());
      } catch (JsonProcessingException notJson) {
        known = MissingNode.getInstance();
      }
      data = known;
    }
    return known;
  }

  /** How much of the memory it stands for. */
  int chars() {
    return event.data().length() + event.key().length() + 120;
  }

  /** Milliseconds since 1970. */
  long atMillis() {
    return event.atMillis();
  }
}
