package io.kailash.certification.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run says of itself: {@code phase.json}.
 *
 * @param kind {@code open} or {@code closed}
 * @param plannedRate arrivals a second of an open run
 * @param plannedUsers of a closed loop
 * @param plannedArrivals how many the plan held
 * @param startedArrivals how many were started
 * @param durationPlannedS seconds of measuring, as shortened
 * @param durationSpecifiedS seconds of measuring, as specified
 * @param timeScale planned over specified
 * @param startedAt RFC 3339
 * @param endedAt RFC 3339
 * @param warmupRequests that came before and are left out
 * @param generator its own health
 * @param cacheHitRatio share of requests that the service answered from a cache
 * @param build what was measured
 * @param target address that was measured
 * @param machine where; optional
 */
public record Phase(
    String scenario,
    String gate,
    String kind,
    Double plannedRate,
    Integer plannedUsers,
    Long plannedArrivals,
    Long startedArrivals,
    Double durationPlannedS,
    Double durationSpecifiedS,
    Double timeScale,
    String startedAt,
    String endedAt,
    Long warmupRequests,
    Generator generator,
    Double cacheHitRatio,
    Build build,
    String target,
    Machine machine) {

  /**
   * The generator of the load.
   *
   * @param cpuShare of all cores of its machine, 0 to 1
   * @param maxPauseMs its longest pause
   * @param cores of its machine
   * @param lateP99Ms how late the 99th of a hundred arrivals was sent for which it was free;
   *     optional
   */
  public record Generator(
      Double cpuShare,
      Double maxPauseMs,
      Integer cores,
      // Where a number follows a letter the naming strategy puts no underscore.
      @JsonProperty("late_p99_ms") Double lateP99Ms) {}

  /** What was measured. */
  public record Build(String version, String warSha256, String commit) {}

  /**
   * Where it was measured.
   *
   * @param memoryBytes of the machine
   */
  public record Machine(Integer cores, Long memoryBytes, String os, String cpu, String java) {}

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  static Phase read(Path file) throws UnreadableException {
    Phase phase;
    try {
      phase = JSON.readValue(Files.readAllBytes(file), Phase.class);
    } catch (JacksonException e) {
      throw new UnreadableException(file, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UnreadableException(file, "cannot be read: " + e.getMessage(), e);
    }
    if (phase == null) {
      throw new UnreadableException(file, "is empty");
    }
    List<String> missing = new ArrayList<>();
    need(missing, "scenario", phase.scenario);
    need(missing, "kind", phase.kind);
    need(missing, "duration_planned_s", phase.durationPlannedS);
    need(missing, "duration_specified_s", phase.durationSpecifiedS);
    need(missing, "time_scale", phase.timeScale);
    need(missing, "started_at", phase.startedAt);
    need(missing, "build", phase.build == null ? null : phase.build.warSha256);
    if ("open".equals(phase.kind)) {
      need(missing, "planned_rate", phase.plannedRate);
      need(missing, "planned_arrivals", phase.plannedArrivals);
      need(missing, "started_arrivals", phase.startedArrivals);
    } else if ("closed".equals(phase.kind)) {
      need(missing, "planned_users", phase.plannedUsers);
    } else {
      throw new UnreadableException(file, "kind is neither open nor closed");
    }
    if (!missing.isEmpty()) {
      throw new UnreadableException(file, "has no " + String.join(", ", missing));
    }
    try {
      phase.began();
    } catch (DateTimeException e) {
      throw new UnreadableException(file, "started_at is no time", e);
    }
    return phase;
  }

  private static void need(List<String> missing, String name, Object value) {
    if (value == null) {
      missing.add(name);
    }
  }

  /** When it began. */
  public Instant began() {
    return Instant.parse(startedAt);
  }

  /** Whether arrivals came at a rate. */
  public boolean open() {
    return kind.equals("open");
  }

  /** Whether it was shorter than specified. */
  public boolean compressed() {
    return timeScale < 1 || durationPlannedS < durationSpecifiedS;
  }
}
