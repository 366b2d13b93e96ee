package io.kailash.certification.targets;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A load that is put on the service.
 *
 * @param id dotted name, unique
 * @param what in words
 * @param kind how requests come
 * @param by what shows it
 * @param users of a closed loop
 * @param rate arrivals a second of an open run
 * @param duration as specified, or as chosen where the specification names none
 * @param specified whether the specification names the duration
 * @param labels operations and their shares in percent
 * @param perSample how many units a sample of an operation stands for; 1 where none is named
 * @param gates that need it
 */
public record Scenario(
    String id,
    String what,
    Kind kind,
    By by,
    OptionalInt users,
    OptionalDouble rate,
    Duration duration,
    boolean specified,
    Map<String, Double> labels,
    Map<String, Double> perSample,
    Set<Integer> gates) {

  /** How requests come. */
  public enum Kind {
    OPEN,
    CLOSED,
    DRILL
  }

  /** What shows a scenario. */
  public enum By {
    LOAD,
    DRILL,
    ANALYSIS
  }
}
