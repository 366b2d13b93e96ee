package io.kailash.certification.load;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One scenario as it is to be run now: the file {@code order.json} beside its results.
 *
 * @param gate the gate, or another name for a run without one
 * @param number its place among the phases of this run, from 1, of {@code phases}
 * @param open whether arrivals come at a rate; else users ask again as soon as they are answered
 * @param users of a closed loop; connections of an open one that holds them
 * @param threads how many requests may be unanswered at once
 * @param arrivals planned arrivals a second over time; empty in a closed loop
 * @param rampSeconds over which a closed loop's users come
 * @param seconds of measuring, shortened
 * @param specifiedSeconds of measuring as specified
 * @param inTurn whether the operations come one after another, in parts of the time by their weight
 * @param warmUp requests that come before and are not counted
 * @param operations operation to its weight
 * @param restSeconds what the phases after this one take
 * @param items how many items of the generated catalog the deployment holds
 * @param seed of everything that is drawn
 * @param target description of the deployment
 * @param taxonomy what is classified into
 * @param samples file with labelled titles, of which the catalog is made
 */
record LoadOrder(
    String scenario,
    String gate,
    int number,
    int phases,
    boolean open,
    int users,
    int threads,
    List<Arrivals> arrivals,
    double rampSeconds,
    double seconds,
    double specifiedSeconds,
    double timeScale,
    boolean inTurn,
    int warmUp,
    Map<String, Double> operations,
    double restSeconds,
    int items,
    long seed,
    Path target,
    String taxonomy,
    Capacity capacity,
    Build build,
    Path samples) {

  static final String FILE = "order.json";

  /** For so many seconds the rate goes from {@code from} to {@code to} arrivals a second. */
  record Arrivals(double seconds, double from, double to) {}

  /**
   * How the rate follows from a capacity that is searched or was found.
   *
   * @param search whether this phase searches it, by steps
   * @param times of the capacity found earlier, 0 for a rate of its own
   */
  record Capacity(boolean search, @JsonProperty("times") double times) {}

  /** What is measured; a deployment elsewhere may not say. */
  record Build(String version, @JsonProperty("war_sha256") String warSha256, String commit) {}

  static ObjectMapper json() {
    return JsonMapper.builder().build();
  }

  static LoadOrder in(Path folder) throws IOException {
    return json().readValue(folder.resolve(FILE).toFile(), LoadOrder.class);
  }

  void writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    json().writerWithDefaultPrettyPrinter().writeValue(folder.resolve(FILE).toFile(), this);
  }
}
