package io.kailash.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.platform.LiveFeed;
import io.kailash.platform.ProblemException;
import io.kailash.platform.TextRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What somebody wants to hear.
 *
 * @param topics each with what is wanted of it
 */
record Subscription(Map<String, Filter> topics) {
  static final Subscription NOTHING = new Subscription(Map.of());
  static final List<String> TOPICS =
      List.of(LiveFeed.ITEMS, LiveFeed.DECISIONS, LiveFeed.JOBS, LiveFeed.SERVICE);

  private static final int MAX_KEYS = 1_000;
  private static final int MAX_WHERE = 10;
  private static final int MAX_TEXT = 256;

  /**
   * Which events of a topic; all of its parts must fit.
   *
   * @param keys the event's key is one of these; null for any
   * @param prefix the event's key begins like this; null for any
   * @param where fields of the event's data and what they must equal; null for any
   */
  record Filter(Set<String> keys, String prefix, Map<String, JsonNode> where) {
    static final Filter ALL = new Filter(null, null, null);

    boolean fits(Heard event) {
      if (keys != null && !keys.contains(event.key())) {
        return false;
      }
      if (prefix != null && !event.key().startsWith(prefix)) {
        return false;
      }
      if (where != null) {
        for (Map.Entry<String, JsonNode> wanted : where.entrySet()) {
          if (!wanted.getValue().equals(event.data().get(wanted.getKey()))) {
            return false;
          }
        }
      }
      return true;
    }
  }

  /**
   * Checks what was asked for.
   *
   * @param pointer where the topics stand in what was asked
   * @throws ProblemException 422 with every mistake
   */
  static Subscription of(Map<String, Filter> wanted, String pointer) {
    TextRules rules = new TextRules();
    Map<String, Filter> topics = new LinkedHashMap<>();
    wanted.forEach(
        (topic, given) -> {
          String place = pointer + "/" + topic;
          Filter filter = given == null ? Filter.ALL : given;
          if (!TOPICS.contains(topic)) {
            rules.violation(place, "is no topic; topics are " + String.join(", ", TOPICS));
          }
          if (filter.keys() != null) {
            if (filter.keys().size() > MAX_KEYS) {
              rules.violation(
                  place + "/keys",
                  "has " + filter.keys().size() + " keys; " + MAX_KEYS + " are allowed");
            } else {
              filter.keys().forEach(key -> rules.required(place + "/keys", key, MAX_TEXT));
            }
          }
          rules.optional(place + "/prefix", filter.prefix(), MAX_TEXT);
          if (filter.where() != null && filter.where().size() > MAX_WHERE) {
            rules.violation(
                place + "/where",
                "has " + filter.where().size() + " fields; " + MAX_WHERE + " are allowed");
          }
          topics.put(topic, filter);
        });
    rules.check();
    return new Subscription(Map.copyOf(topics));
  }

  /** Where events are missing everybody wants to know, except those who want nothing at all. */
  boolean wants(Heard event) {
    Filter filter = topics.get(event.topic());
    return filter == null ? event.topic().equals(LiveFeed.GAP) && !isNothing() : filter.fits(event);
  }

  boolean isNothing() {
    return topics.isEmpty();
  }
}
