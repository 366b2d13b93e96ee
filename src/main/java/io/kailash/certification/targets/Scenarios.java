package io.kailash.certification.targets;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.certification.targets.CheckedFile.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every scenario, and when a generator of load has fallen behind.
 *
 * @param byId scenarios by name
 * @param generator limits of a sound generator
 */
public record Scenarios(Map<String, Scenario> byId, GeneratorLimits generator) {

  /**
   * When a generator has fallen behind.
   *
   * @param achievedAtLeast share of the planned arrivals that were started
   * @param cpuAtMost share of its cores that it used
   * @param pauseMillisAtMost its longest pause
   * @param lateMillisAtMost how late the 99th of a hundred arrivals was started
   */
  public record GeneratorLimits(
      double achievedAtLeast,
      double cpuAtMost,
      double pauseMillisAtMost,
      double lateMillisAtMost) {}

  /**
   * Reads {@code scenarios.yaml}.
   *
   * @param folder where it lies, with {@code scenarios.schema.json}
   * @throws BrokenFileException if it breaks its schema or names anything twice
   */
  public static Scenarios read(Path folder) {
    CheckedFile file =
        CheckedFile.read(folder.resolve("scenarios.yaml"), folder.resolve("scenarios.schema.json"));
    List<Problem> problems = new ArrayList<>();
    Map<String, Scenario> byId = new LinkedHashMap<>();
    JsonNode all = file.content().path("scenarios");
    for (int i = 0; i < all.size(); i++) {
      try {
        Scenario scenario = scenario(all.get(i));
        if (byId.put(scenario.id(), scenario) != null) {
          problems.add(
              file.problem("/scenarios/" + i, "scenario " + scenario.id() + " is there twice"));
        }
        if (scenario.duration().isZero()) {
          problems.add(file.problem("/scenarios/" + i + "/duration", "a duration of nothing"));
        }
      } catch (DateTimeParseException e) {
        problems.add(
            file.problem("/scenarios/" + i + "/duration", e.getParsedString() + " is no duration"));
      }
    }
    file.refuse(problems);
    JsonNode generator = file.content().path("generator");
    return new Scenarios(
        byId,
        new GeneratorLimits(
            generator.path("achieved_at_least").asDouble(),
            generator.path("cpu_at_most").asDouble(),
            generator.path("pause_ms_at_most").asDouble(),
            generator.path("late_ms_at_most").asDouble()));
  }

  private static Scenario scenario(JsonNode node) {
    Set<Integer> gates = new TreeSet<>();
    node.path("gates").forEach(gate -> gates.add(gate.asInt()));
    return new Scenario(
        node.path("id").asText(),
        node.path("what").asText(),
        Scenario.Kind.valueOf(node.path("kind").asText().toUpperCase(Locale.ROOT)),
        Scenario.By.valueOf(node.path("by").asText().toUpperCase(Locale.ROOT)),
        node.has("users") ? OptionalInt.of(node.get("users").asInt()) : OptionalInt.empty(),
        node.has("rate") ? OptionalDouble.of(node.get("rate").asDouble()) : OptionalDouble.empty(),
        Duration.parse(node.path("duration").asText()),
        node.path("duration_from").asText().equals("specification"),
        numbers(node.path("labels")),
        numbers(node.path("per_sample")),
        gates);
  }

  private static Map<String, Double> numbers(JsonNode object) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    object.properties().forEach(entry -> numbers.put(entry.getKey(), entry.getValue().asDouble()));
    return numbers;
  }
}
