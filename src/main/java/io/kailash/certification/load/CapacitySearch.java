package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Finds the capacity: the highest open arrival rate at which every response time holds. The rate
 * goes up by steps; the first step that does not hold ends the search, and the step before it is
 * the capacity. Times count from the planned start.
 *
 * <p>Safe for many threads.
 */
final class CapacitySearch {

  /** Where the capacity found is kept for the phases that are multiples of it. */
  static final String FILE = "capacity.json";

  /** 95th percentile that must hold, in milliseconds; as in the specification. */
  private static final Map<String, Double> LIMITS =
      Map.of("classify", 500.0, "recommend", 2000.0, "health", 100.0);

  private static final double ERRORS = 0.001;
  private static final int FEWEST = 30;

  private final List<LoadOrder.Arrivals> steps;
  private final List<Step> seen = new ArrayList<>();
  private double found;
  private boolean ended;

  /** One rate. */
  private static final class Step {
    final Map<String, Histogram> byOperation = new TreeMap<>();
    long count;
    long wrong;
    boolean judged;
  }

  CapacitySearch(List<LoadOrder.Arrivals> steps) {
    this.steps = List.copyOf(steps);
    steps.forEach(step -> seen.add(new Step()));
  }

  /** Steps that grow by a quarter each, from a tenth of the rate, in so many seconds. */
  static List<LoadOrder.Arrivals> steps(double rate, double seconds) {
    List<LoadOrder.Arrivals> steps = new ArrayList<>();
    int count = 20;
    double one = Math.max(2, seconds / count);
    for (int i = 0; i < count && i * one < seconds; i++) {
      double arrivals = Math.max(1, Math.round(rate / 10 * Math.pow(1.25, i)));
      steps.add(new LoadOrder.Arrivals(one, arrivals, arrivals));
    }
    return steps;
  }

  synchronized void answered(
      double plannedSeconds, String operation, double fromPlannedMillis, boolean right) {
    Step step = seen.get(at(plannedSeconds));
    step.count++;
    step.wrong += right ? 0 : 1;
    step.byOperation
        .computeIfAbsent(operation, name -> new Histogram(3_600_000_000L, 3))
        .recordValue(Math.min(3_600_000_000L, Math.max(0, Math.round(fromPlannedMillis * 1000))));
  }

  private int at(double seconds) {
    double end = 0;
    for (int i = 0; i < steps.size(); i++) {
      end += steps.get(i).seconds();
      if (seconds < end) {
        return i;
      }
    }
    return steps.size() - 1;
  }

  /** Judges the steps whose arrivals must all be answered by now; true when the search is over. */
  synchronized boolean over(double seconds) {
    double end = 0;
    for (int i = 0; i < steps.size() && !ended; i++) {
      end += steps.get(i).seconds();
      Step step = seen.get(i);
      // Slow answers belong to their step: wait for as long as they may take.
      if (step.judged || seconds < end + 0.5) {
        continue;
      }
      step.judged = true;
      if (holds(i, seconds - end)) {
        found = steps.get(i).from();
      } else {
        ended = true;
      }
    }
    return ended;
  }

  private boolean holds(int number, double secondsSince) {
    Step step = seen.get(number);
    double expected = steps.get(number).from() * steps.get(number).seconds();
    if (step.count < Math.min(FEWEST, expected) || step.wrong > ERRORS * step.count) {
      return false;
    }
    // What has not been answered by now took longer than any of the limits of the fast ones.
    if (step.count < 0.95 * expected && secondsSince >= 0.5) {
      return false;
    }
    return step.byOperation.entrySet().stream()
        .allMatch(
            one ->
                one.getValue().getValueAtPercentile(95) / 1000.0
                    <= LIMITS.getOrDefault(one.getKey(), 500.0));
  }

  /** Arrivals a second; 0 where even the first step did not hold. */
  synchronized double found() {
    return found;
  }

  synchronized void writeTo(Path folder, Path root) throws IOException {
    StringBuilder csv = new StringBuilder("rate,seconds,answers,wrong,judged,holds");
    LIMITS.keySet().stream().sorted().forEach(name -> csv.append(",p95_ms_").append(name));
    csv.append('\n');
    for (int i = 0; i < steps.size(); i++) {
      Step step = seen.get(i);
      csv.append(
          String.format(
              Locale.ROOT,
              "%.0f,%.1f,%d,%d,%b,%b",
              steps.get(i).from(),
              steps.get(i).seconds(),
              step.count,
              step.wrong,
              step.judged,
              step.judged && steps.get(i).from() <= found));
      for (String name : LIMITS.keySet().stream().sorted().toList()) {
        Histogram times = step.byOperation.get(name);
        csv.append(',')
            .append(
                times == null
                    ? ""
                    : String.format(Locale.ROOT, "%.1f", times.getValueAtPercentile(95) / 1000.0));
      }
      csv.append('\n');
    }
    Files.writeString(folder.resolve("steps.csv"), csv, UTF_8);
    LoadOrder.json().writeValue(root.resolve(FILE).toFile(), Map.of("arrivals_per_second", found));
  }

  /** The capacity that an earlier phase found; empty where none did. */
  static OptionalDouble foundIn(Path root) throws IOException {
    try {
      double found =
          LoadOrder.json()
              .readTree(Files.readString(root.resolve(FILE), UTF_8))
              .path("arrivals_per_second")
              .asDouble();
      return found > 0 ? OptionalDouble.of(found) : OptionalDouble.empty();
    } catch (NoSuchFileException e) {
      return OptionalDouble.empty();
    }
  }
}
