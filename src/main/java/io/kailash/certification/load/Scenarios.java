package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scenarios that put load on a deployment, as {@code jmeter/scenarios.yaml} has them. */
final class Scenarios {

  static final String CAPACITY = "capacity";

  private final Map<String, Scenario> byId = new LinkedHashMap<>();

  /**
   * One scenario.
   *
   * @param rate arrivals a second, 0 in a closed loop
   * @param users of a closed loop, or connections; 0 for none
   * @param operations operation to its weight
   */
  record Scenario(
      String id,
      boolean open,
      double rate,
      int users,
      Duration duration,
      Map<String, Double> operations,
      List<Integer> gates) {}

  private Scenarios() {}

  static Scenarios in(Path file) throws IOException {
    Scenarios scenarios = new Scenarios();
    JsonNode root = YAMLMapper.builder().build().readTree(Files.readString(file, UTF_8));
    for (JsonNode one : root.path("scenarios")) {
      if (!one.path("by").asText().equals("load")) {
        continue;
      }
      Map<String, Double> operations = new LinkedHashMap<>();
      Iterator<Map.Entry<String, JsonNode>> labels = one.path("labels").fields();
      while (labels.hasNext()) {
        Map.Entry<String, JsonNode> label = labels.next();
        operations.put(label.getKey(), label.getValue().asDouble());
      }
      List<Integer> gates = new ArrayList<>();
      one.path("gates").forEach(gate -> gates.add(gate.asInt()));
      String id = one.path("id").asText();
      scenarios.byId.put(
          id,
          new Scenario(
              id,
              one.path("kind").asText().equals("open"),
              one.path("rate").asDouble(),
              one.path("users").asInt(),
              Duration.parse(one.path("duration").asText()),
              operations,
              gates));
    }
    if (scenarios.byId.isEmpty()) {
      throw new IOException(file + " holds no scenario with a load");
    }
    return scenarios;
  }

  /** All of them, in the order of the file. */
  List<Scenario> all() {
    return List.copyOf(byId.values());
  }

  /**
   * What a gate runs, in order. What is a multiple of the capacity is preceded by the search for
   * it.
   *
   * @param gate its number, or {@code all}
   * @param only ids, with * for any letters; empty for all of the gate's
   * @throws IOException when that is nothing
   */
  List<Scenario> of(String gate, List<String> only) throws IOException {
    List<Scenario> chosen = new ArrayList<>();
    for (Scenario scenario : byId.values()) {
      boolean named = only.stream().anyMatch(name -> names(name, scenario.id()));
      boolean belongs =
          gate.equals("all")
              ? !scenario.gates().isEmpty()
              : scenario.gates().contains(Integer.valueOf(gate));
      if (only.isEmpty() ? belongs : named) {
        chosen.add(scenario);
      }
    }
    if (chosen.isEmpty()) {
      throw new IOException(
          "-Dgate.only="
              + String.join(",", only)
              + " names no scenario; there are "
              + byId.keySet());
    }
    boolean multiple = chosen.stream().anyMatch(one -> times(one.id()) > 0);
    if (multiple && chosen.stream().noneMatch(one -> one.id().equals(CAPACITY))) {
      Scenario capacity = byId.get(CAPACITY);
      if (capacity == null) {
        throw new IOException("there is no scenario '" + CAPACITY + "'");
      }
      int first = 0;
      while (times(chosen.get(first).id()) == 0) {
        first++;
      }
      chosen.add(first, capacity);
    }
    return chosen;
  }

  private static boolean names(String name, String id) {
    return id.matches(("\\Q" + name + "\\E").replace("*", "\\E.*\\Q"));
  }

  /** How many times the capacity found a scenario's rate is; 0 for a rate of its own. */
  static double times(String id) {
    return switch (id) {
      case "overload.double" -> 2;
      case "overload.recovery" -> 0.5;
      default -> 0;
    };
  }
}
