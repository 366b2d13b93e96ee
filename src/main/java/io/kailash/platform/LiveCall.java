package io.kailash.platform;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Something every caller may ask over a connection that stays open. A room offers it as a bean; who
 * carries messages finds all of them, and needs to know no room.
 */
public interface LiveCall {
  /** Type of the message that asks, a word in lower case; never changes. */
  String name();

  /**
   * Answers. Quick: the connection's further messages wait for it.
   *
   * @param body what the message holds; null where it holds nothing
   * @return what is written as JSON
   * @throws ProblemException where it cannot be answered
   */
  Object answer(JsonNode body);
}
