package io.kailash.certification.targets;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.certification.targets.CheckedFile.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * Everything that is wanted.
 *
 * @param rulings by id, what they say
 * @param gates by number
 * @param targets by id
 */
public record Targets(
    Map<String, String> rulings, Map<Integer, GateNeeds> gates, Map<String, Target> targets) {

  /** A gate: its number, its name and its criteria. */
  public record GateNeeds(int gate, String name, List<GateCriterion> criteria) {}

  /** A criterion of a gate as the specification names it. */
  public record GateCriterion(String id, int line, String says) {}

  /**
   * Reads {@code targets.yaml}.
   *
   * @param folder where it lies, with {@code targets.schema.json}
   * @param scenarios which scenarios there are
   * @throws BrokenFileException if it breaks its schema, names a scenario, criterion, ruling or
   *     target that is not there, or names anything twice
   */
  public static Targets read(Path folder, Scenarios scenarios) {
    CheckedFile file =
        CheckedFile.read(folder.resolve("targets.yaml"), folder.resolve("targets.schema.json"));
    List<Problem> problems = new ArrayList<>();
    Map<String, String> rulings = new LinkedHashMap<>();
    each(
        file.content().path("rulings"),
        (at, ruling) -> {
          if (rulings.put(ruling.path("id").asText(), ruling.path("says").asText()) != null) {
            problems.add(
                file.problem("/rulings/" + at, "ruling " + ruling.path("id") + " is there twice"));
          }
        });
    Map<Integer, GateNeeds> gates = new LinkedHashMap<>();
    each(
        file.content().path("gates"),
        (at, gate) -> {
          GateNeeds needs = gate(gate);
          if (gates.put(needs.gate(), needs) != null) {
            problems.add(file.problem("/gates/" + at, "gate " + needs.gate() + " is there twice"));
          }
        });
    Map<String, Target> targets = new LinkedHashMap<>();
    each(
        file.content().path("targets"),
        (at, node) -> {
          Target target = target(node);
          String pointer = "/targets/" + at;
          if (targets.put(target.id(), target) != null) {
            problems.add(file.problem(pointer, "target " + target.id() + " is there twice"));
          }
          target
              .ruling()
              .filter(ruling -> !rulings.containsKey(ruling))
              .ifPresent(
                  ruling ->
                      problems.add(
                          file.problem(pointer + "/ruling", "there is no ruling " + ruling)));
          for (int i = 0; i < target.uses().size(); i++) {
            wrong(target, target.uses().get(i), gates, scenarios)
                .map(says -> file.problem(pointer + "/in", says))
                .ifPresent(problems::add);
          }
        });
    each(
        file.content().path("targets"),
        (at, node) -> {
          if (node.path("judged").asText().equals("same")
              && !targets.containsKey(node.path("note").asText())) {
            problems.add(file.problem("/targets/" + at, "there is no target " + node.path("note")));
          }
        });
    file.refuse(problems);
    return new Targets(rulings, gates, targets);
  }

  /** The figures that a criterion of a gate requires, each with the scenario that shows it. */
  public List<Criterion> criteria(int gate) {
    List<Criterion> criteria = new ArrayList<>();
    for (Target target : targets.values()) {
      for (Target.Use use : target.uses()) {
        if (use.gate() == gate) {
          criteria.add(new Criterion(target, use));
        }
      }
    }
    return criteria;
  }

  /** Scenarios that a gate needs results of. */
  public TreeSet<String> scenarios(int gate) {
    TreeSet<String> names = new TreeSet<>();
    criteria(gate).forEach(criterion -> criterion.use().scenario().ifPresent(names::add));
    return names;
  }

  private static Optional<String> wrong(
      Target target, Target.Use use, Map<Integer, GateNeeds> gates, Scenarios scenarios) {
    GateNeeds gate = gates.get(use.gate());
    if (gate == null || gate.criteria().stream().noneMatch(c -> c.id().equals(use.criterion()))) {
      return Optional.of("gate " + use.gate() + " has no criterion " + use.criterion());
    }
    boolean byLoad = target.judged() == Target.Judged.LOAD;
    if (use.scenario().isEmpty()) {
      return byLoad
          ? Optional.of(target.id() + " is judged by load and names no scenario")
          : Optional.empty();
    }
    Scenario scenario = scenarios.byId().get(use.scenario().get());
    if (scenario == null) {
      return Optional.of("there is no scenario " + use.scenario().get());
    }
    if (byLoad && !scenario.gates().contains(use.gate())) {
      return Optional.of(
          "scenario " + scenario.id() + " does not say that gate " + use.gate() + " needs it");
    }
    boolean aboutSamples =
        target.measure().isPresent()
            && switch (target.measure().get()) {
              case LATENCY, THROUGHPUT, SHARE, STREAM_RATE, BYTES_SENT, BYTES_RECEIVED -> true;
              default -> false;
            };
    if (aboutSamples
        && target.label().isPresent()
        && !scenario.labels().containsKey(target.label().get())) {
      return Optional.of("scenario " + scenario.id() + " has no operation " + target.label().get());
    }
    return Optional.empty();
  }

  private static GateNeeds gate(JsonNode node) {
    List<GateCriterion> criteria = new ArrayList<>();
    each(
        node.path("criteria"),
        (at, criterion) ->
            criteria.add(
                new GateCriterion(
                    criterion.path("id").asText(),
                    criterion.path("line").asInt(),
                    criterion.path("says").asText())));
    return new GateNeeds(node.path("gate").asInt(), node.path("name").asText(), criteria);
  }

  private static Target target(JsonNode node) {
    List<Target.Use> uses = new ArrayList<>();
    each(
        node.path("in"),
        (at, use) ->
            uses.add(
                new Target.Use(
                    use.path("gate").asInt(),
                    use.path("criterion").asText(),
                    text(use, "scenario"))));
    JsonNode value = node.path("value");
    return new Target(
        node.path("id").asText(),
        node.path("line").asInt(),
        StreamSupport.stream(node.path("figures").spliterator(), false)
            .map(JsonNode::asText)
            .toList(),
        node.path("says").asText(),
        Target.Judged.valueOf(upper(node.path("judged").asText())),
        text(node, "measure").map(name -> Target.Measure.valueOf(upper(name))),
        text(node, "label"),
        text(node, "statistic")
            .map(name -> Target.Statistic.valueOf(upper(name)))
            .orElse(Target.Statistic.NONE),
        text(node, "drill"),
        text(node, "direction")
            .map(name -> Target.Direction.valueOf(upper(name)))
            .orElse(Target.Direction.AT_MOST),
        value.isBoolean() ? (value.asBoolean() ? 1 : 0) : value.asDouble(),
        node.path("unit").asText(),
        node.path("tolerance").asDouble(),
        text(node, "ruling"),
        text(node, "reason").or(() -> text(node, "note")),
        uses);
  }

  private static Optional<String> text(JsonNode node, String field) {
    return node.hasNonNull(field) ? Optional.of(node.get(field).asText()) : Optional.empty();
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  private interface Numbered {
    void take(int at, JsonNode node);
  }

  private static void each(JsonNode array, Numbered then) {
    for (int i = 0; i < array.size(); i++) {
      then.take(i, array.get(i));
    }
  }
}
