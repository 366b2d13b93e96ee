package io.kailash.recommendation.model;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;

/** Changed options by name; each is to be asked for, so that a wrong name does not go unnoticed. */
final class Changes {

  private final Map<String, String> left;

  Changes(Map<String, String> changes) {
    left = new TreeMap<>(changes);
  }

  long whole(String name, long otherwise) {
    String value = left.remove(name);
    try {
      return value == null ? otherwise : Math.toIntExact(Long.parseLong(value.trim()));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "recommender option " + name + " must be a whole number, not " + value, e);
    }
  }

  double number(String name, double otherwise) {
    String value = left.remove(name);
    try {
      return value == null ? otherwise : Double.parseDouble(value.trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "recommender option " + name + " must be a number, not " + value, e);
    }
  }

  Duration duration(String name, Duration otherwise) {
    String value = left.remove(name);
    try {
      return value == null ? otherwise : Duration.parse(value.trim());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "recommender option " + name + " must be a length of time such as PT30M, not " + value,
          e);
    }
  }

  void requireAllUsed() {
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("there is no recommender option " + left.keySet());
    }
  }
}
