package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kailash.certification.regression.Budgets;
import io.kailash.certification.regression.Regression;
import io.kailash.certification.regression.Segment;
import io.kailash.certification.targets.Scenarios;
import io.kailash.certification.targets.Targets;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads the segments that two builds were measured in by turns, compares them, and ends the build
 * by an exception unless the candidate keeps every budget.
 *
 * <p>A segment's time of an operation is the mean of its fastest 95 %: a pause of the machine that
 * happens to hit one build is no change of it.
 */
public final class Comparison {

  static final String FOLDER = "regression";
  private static final double KEPT = 0.95;

  private Comparison() {}

  /**
   * Arguments: folder of the project.
   *
   * @throws IllegalStateException unless every budget is kept
   */
  public static void main(String[] arguments) throws IOException {
    Path project = Path.of(arguments[0]).toAbsolutePath();
    Path root = project.resolve("target/certification");
    Files.deleteIfExists(root.resolve(Prepare.OPEN));
    int trials = Integer.getInteger("regression.trials", 0);
    if (trials > 0) {
      onTrial(project.resolve("jmeter"), root.resolve(FOLDER), trials);
      return;
    }
    Regression.Result result =
        compare(
            project.resolve("jmeter"),
            segments(root.resolve(FOLDER), "baseline"),
            segments(root.resolve(FOLDER), "candidate"));
    ObjectNode report = LoadOrder.json().createObjectNode();
    report.put("outcome", result.outcome().name());
    report.put("pairs", result.pairs());
    report.put("more_pairs", result.more());
    report.set("comparisons", LoadOrder.json().valueToTree(result.comparisons()));
    LoadOrder.json()
        .writerWithDefaultPrettyPrinter()
        .writeValue(root.resolve(FOLDER).resolve("report.json").toFile(), report);
    result.comparisons().forEach(one -> System.out.println(one.says()));
    System.out.printf(Locale.ROOT, "%s after %d pairs%n", result.outcome(), result.pairs());
    if (result.outcome() != Regression.Outcome.PASS) {
      throw new IllegalStateException(
          "the candidate is "
              + (result.outcome() == Regression.Outcome.FAIL
                  ? "worse than its budgets allow"
                  : "neither shown to keep its budgets nor to break them; about "
                      + result.more()
                      + " more pairs would decide (-Dregression.pairs=)"));
    }
  }

  /** Takes the pairs of one long run of identical builds for so many comparisons. */
  private static void onTrial(Path jmeter, Path folder, int trials) throws IOException {
    List<Segment> baseline = segments(folder, "baseline");
    List<Segment> candidate = segments(folder, "candidate");
    int pairs = Math.min(baseline.size(), candidate.size()) / trials;
    Map<Regression.Outcome, Integer> outcomes = new TreeMap<>();
    for (int i = 0; i < trials; i++) {
      Regression.Result result =
          compare(
              jmeter,
              baseline.subList(i * pairs, (i + 1) * pairs),
              candidate.subList(i * pairs, (i + 1) * pairs));
      outcomes.merge(result.outcome(), 1, Integer::sum);
      System.out.printf(Locale.ROOT, "trial %d: %s%n", i + 1, result.outcome());
      result.comparisons().stream()
          .filter(one -> one.outcome() == Regression.Outcome.FAIL)
          .forEach(one -> System.out.println("  " + one.says()));
    }
    System.out.printf(
        Locale.ROOT, "%d trials of %d pairs of the same build: %s%n", trials, pairs, outcomes);
    if (outcomes.getOrDefault(Regression.Outcome.FAIL, 0) > 1) {
      throw new IllegalStateException("identical builds were told apart more than once");
    }
  }

  static Regression.Result compare(Path jmeter, List<Segment> baseline, List<Segment> candidate) {
    Budgets budgets = Budgets.of(Targets.read(jmeter, Scenarios.read(jmeter)));
    return new Regression(budgets, 1).compare(baseline, candidate);
  }

  static List<Segment> segments(Path folder, String build) throws IOException {
    List<Segment> segments = new ArrayList<>();
    List<Path> folders;
    try (Stream<Path> all = Files.list(folder)) {
      folders =
          all.filter(one -> one.getFileName().toString().endsWith("-" + build)).sorted().toList();
    }
    for (Path one : folders) {
      segments.add(segment(one));
    }
    return segments;
  }

  private static Segment segment(Path folder) throws IOException {
    JsonNode phase = LoadOrder.json().readTree(Files.readString(folder.resolve(Phase.FILE), UTF_8));
    Map<String, List<Double>> times = new TreeMap<>();
    long wrong = 0;
    long requests = 0;
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(folder.resolve("samples.jtl"), UTF_8)) {
      for (CSVRecord row : format.parse(reader)) {
        requests++;
        if (Boolean.parseBoolean(row.get("success"))) {
          times
              .computeIfAbsent(row.get("label"), label -> new ArrayList<>())
              .add(Long.parseLong(row.get("elapsed_us")) / 1000.0);
        } else {
          wrong++;
        }
      }
    }
    Map<String, Double> means = new TreeMap<>();
    times.forEach((label, all) -> means.put(label, mean(all)));
    Map<String, Double> resources = new TreeMap<>();
    if (phase.hasNonNull("service_cpu_s") && requests > 0) {
      resources.put(
          "CPU-seconds for a thousand requests",
          1000 * phase.get("service_cpu_s").asDouble() / requests);
    }
    return new Segment(
        means,
        (requests - wrong) / phase.path("duration_planned_s").asDouble(),
        resources,
        requests,
        wrong);
  }

  private static double mean(List<Double> times) {
    int kept = Math.max(1, (int) (times.size() * KEPT));
    return times.stream().sorted().limit(kept).mapToDouble(Double::doubleValue).average().orElse(0);
  }
}
