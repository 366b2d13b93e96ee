package io.kailash.certification.targets;

import java.util.List;
import java.util.Optional;

/**
 * One figure of the specification.
 *
 * @param id dotted name, unique
 * @param line where the specification says it
 * @param figures its numbers with their units as written there
 * @param says what is wanted, in words
 * @param judged in which way it is judged
 * @param measure what is measured, for what is judged by load
 * @param label operation it is about; all operations of the scenario without one
 * @param statistic which statistic of the measure
 * @param drill name of the drill whose evidence shows it
 * @param direction on which side of the value the good lies
 * @param value the figure, in {@code unit}; 1 for yes
 * @param unit unit of the value
 * @param tolerance for {@link Direction#WITHIN}, in the unit of the value
 * @param ruling ruling that decides how it is read
 * @param note what a reader has to know
 * @param uses the gates that require it
 */
public record Target(
    String id,
    int line,
    List<String> figures,
    String says,
    Judged judged,
    Optional<Measure> measure,
    Optional<String> label,
    Statistic statistic,
    Optional<String> drill,
    Direction direction,
    double value,
    String unit,
    double tolerance,
    Optional<String> ruling,
    Optional<String> note,
    List<Use> uses) {

  /** How a figure is judged. */
  public enum Judged {
    LOAD,
    DRILL,
    CONFIGURATION,
    REGRESSION,
    INPUT,
    SAME,
    NOT_HERE
  }

  /** What is measured. */
  public enum Measure {
    LATENCY,
    THROUGHPUT,
    ERROR_RATE,
    SUCCESS_RATE,
    SHARE,
    USERS,
    DURATION,
    STREAM_RATE,
    BYTES_SENT,
    BYTES_RECEIVED,
    CPU,
    PROCESS_CPU,
    MEMORY,
    RSS,
    DISK,
    DEGRADATION,
    RECOVERY,
    VARIANCE_LATENCY,
    VARIANCE_CPU,
    VARIANCE_MEMORY,
    STABILITY_THROUGHPUT,
    GROWTH_MEMORY,
    TREND_LATENCY,
    MACHINE
  }

  /** Which statistic of it. */
  public enum Statistic {
    NONE,
    AVERAGE,
    P05,
    P95,
    P99,
    MAXIMUM,
    CORES,
    MEMORY
  }

  /** On which side of the value the good lies. */
  public enum Direction {
    AT_MOST,
    BELOW,
    AT_LEAST,
    ABOVE,
    WITHIN,
    IS;

    /** Whether smaller is better. */
    public boolean downwards() {
      return this == AT_MOST || this == BELOW;
    }
  }

  /**
   * A gate's need for the figure.
   *
   * @param gate 1 to 4
   * @param criterion which of the gate's criteria
   * @param scenario whose results show it; none for evidence
   */
  public record Use(int gate, String criterion, Optional<String> scenario) {}

  /**
   * Whether a measured value keeps the figure.
   *
   * @param actual in {@link #unit()}
   */
  public boolean keptBy(double actual) {
    return switch (direction) {
      case AT_MOST -> actual <= value;
      case BELOW -> actual < value;
      case AT_LEAST -> actual >= value;
      case ABOVE -> actual > value;
      case WITHIN -> Math.abs(actual - value) <= tolerance;
      case IS -> actual == value;
    };
  }

  /**
   * How far a measured value is on the good side, in percent of the figure; negative on the bad
   * one. Where the figure is nought, or yes, there is no such share: 0 if it is kept, else -100.
   *
   * @param actual in {@link #unit()}
   */
  public double margin(double actual) {
    if (direction == Direction.WITHIN) {
      return 100 * (tolerance - Math.abs(actual - value)) / tolerance;
    }
    if (value == 0 || direction == Direction.IS) {
      return keptBy(actual) ? 0 : -100;
    }
    return 100 * (direction.downwards() ? value - actual : actual - value) / value;
  }
}
