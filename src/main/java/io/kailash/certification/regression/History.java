package io.kailash.certification.regression;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kailash.certification.targets.BrokenFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * What was measured on machines of one class, release after release: a file of JSON lines in {@code
 * jmeter/baselines}, oldest first.
 *
 * <p>A change is looked for by Pettitt's test (Applied Statistics 28, 1979) on each figure: the
 * place where what comes before and what comes after differ most by rank. How likely that is
 * without any change is counted over shuffled orders, as the usual formula holds only for long
 * series. A change for the worse of 10 % or more (the ratio of the medians) that is so unlikely
 * raises the alarm.
 */
public final class History {
  /** Shorter histories have no trend. */
  public static final int FEWEST_RUNS = 8;

  private static final double SIGNIFICANCE = 0.05;
  private static final int SHUFFLES = 10_000;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Path file;
  private final List<Entry> entries;

  /**
   * A run.
   *
   * @param at RFC 3339
   * @param figures name to value; less is better, but for names that begin with {@code throughput}
   */
  public record Entry(
      String at, String version, String commit, String warSha256, Map<String, Double> figures) {}

  /**
   * A change of a figure.
   *
   * @param since first entry after it
   * @param shift for the worse, as a share; negative is better
   * @param chance how often there would be such a change without any
   * @param alarm whether it is for the worse, large and unlikely
   */
  public record Change(
      String figure,
      Entry since,
      double before,
      double after,
      double shift,
      double chance,
      boolean alarm) {}

  private History(Path file, List<Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  /**
   * The history of a class of machines; empty where there is none.
   *
   * @param folder {@code jmeter/baselines}
   * @throws BrokenFileException if a line is no entry
   */
  public static History read(Path folder, String machineClass) throws IOException {
    Path file = folder.resolve(machineClass + ".jsonl");
    List<Entry> entries = new ArrayList<>();
    if (Files.exists(file)) {
      List<String> lines = Files.readAllLines(file, UTF_8);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).isBlank()) {
          continue;
        }
        try {
          Entry entry = JSON.readValue(lines.get(i), Entry.class);
          if (entry == null || entry.at() == null || entry.figures() == null) {
            throw new BrokenFileException(
                file, List.of("line " + (i + 1) + " has no time or no figures"));
          }
          entries.add(entry);
        } catch (JacksonException e) {
          throw new BrokenFileException(file, "line " + (i + 1) + ": " + e.getOriginalMessage(), e);
        }
      }
    }
    return new History(file, entries);
  }

  /**
   * Name of a class of machines: what makes figures comparable.
   *
   * @param cpu model as the system names it; may be empty
   */
  public static String machineClass(int cores, long memoryBytes, String cpu) {
    String model =
        cpu.toLowerCase(Locale.ROOT)
            .replaceAll("\\((r|tm)\\)|@.*|\\b(cpu|processor)\\b", " ")
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return cores
        + "-cores-"
        + Math.round(memoryBytes / 1e9)
        + "-gb"
        + (model.isEmpty() ? "" : "-" + model);
  }

  /** All entries, oldest first. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Writes a further entry, and knows it from then on. */
  public void add(Entry entry) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(
        file,
        JSON.writeValueAsString(entry) + "\n",
        UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    entries.add(entry);
  }

  /** Names of the figures of any entry. */
  public TreeSet<String> figures() {
    TreeSet<String> names = new TreeSet<>();
    entries.forEach(entry -> names.addAll(entry.figures().keySet()));
    return names;
  }

  /**
   * The most likely change of a figure; empty if there are fewer than {@link #FEWEST_RUNS}.
   *
   * @param alarmAt change for the worse, as a share, from which on there is an alarm
   * @param seed of the shuffling
   */
  public Optional<Change> change(String figure, double alarmAt, long seed) {
    List<Entry> with =
        entries.stream().filter(entry -> entry.figures().containsKey(figure)).toList();
    int n = with.size();
    if (n < FEWEST_RUNS) {
      return Optional.empty();
    }
    double[] values = with.stream().mapToDouble(entry -> entry.figures().get(figure)).toArray();
    Split found = split(values);
    SplittableRandom random = new SplittableRandom(seed);
    double[] shuffled = values.clone();
    int asLarge = 0;
    for (int s = 0; s < SHUFFLES; s++) {
      for (int i = n - 1; i > 0; i--) {
        int k = random.nextInt(i + 1);
        double swap = shuffled[i];
        shuffled[i] = shuffled[k];
        shuffled[k] = swap;
      }
      if (split(shuffled).size() >= found.size()) {
        asLarge++;
      }
    }
    double chance = (asLarge + 1.0) / (SHUFFLES + 1.0);
    double before = median(Arrays.copyOfRange(values, 0, found.at()));
    double after = median(Arrays.copyOfRange(values, found.at(), n));
    boolean moreIsBetter = figure.startsWith("throughput");
    double shift = moreIsBetter ? 1 - after / before : after / before - 1;
    return Optional.of(
        new Change(
            figure,
            with.get(found.at()),
            before,
            after,
            shift,
            chance,
            chance <= SIGNIFICANCE && shift >= alarmAt));
  }

  private record Split(int at, long size) {}

  /** Pettitt's K and where it is reached: the first value of the later part. */
  private static Split split(double[] values) {
    int n = values.length;
    Split best = new Split(1, -1);
    for (int t = 1; t < n; t++) {
      long u = 0;
      for (int i = 0; i < t; i++) {
        for (int j = t; j < n; j++) {
          u += (int) Math.signum(values[i] - values[j]);
        }
      }
      if (Math.abs(u) > best.size()) {
        best = new Split(t, Math.abs(u));
      }
    }
    return best;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
