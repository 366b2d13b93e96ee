package io.kailash.certification.results;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the run of one scenario left behind. */
public final class Run {
  private static final int CHART_POINTS = 90;
  private static final int CELLS = 1000;
  private static final double NEARLY_ALL = 0.9;

  private final Path folder;
  private final Phase phase;
  private final Map<String, Samples> labels = new TreeMap<>();
  private final Samples all = new Samples();
  private final Counts threads = new Counts();
  private final Counts late = new Counts();
  private final ResourceLog resources;
  private final TreeMap<Long, Tally> seconds = new TreeMap<>();
  private final long cellMillis;
  private final long chartSeconds;
  private long firstMillis = Long.MAX_VALUE;
  private long lastMillis = Long.MIN_VALUE;
  private long firstPlanned = Long.MAX_VALUE;
  private long lastPlanned = Long.MIN_VALUE;

  private Run(Path folder, Phase phase, ResourceLog resources) {
    this.folder = folder;
    this.phase = phase;
    this.resources = resources;
    this.cellMillis = Math.max(1, (long) (phase.durationPlannedS() * 1000 / CELLS));
    this.chartSeconds = Math.max(1, (long) Math.ceil(phase.durationPlannedS() / CHART_POINTS));
  }

  /**
   * Reads a folder.
   *
   * @param inTime for each operation the microseconds within which 95 of 100 answers have to be
   *     there
   * @param withRates operations whose bytes a second are wanted answer by answer
   * @throws UnreadableException if a file is missing, empty or broken
   */
  public static Run read(Path folder, Map<String, Long> inTime, Set<String> withRates)
      throws UnreadableException {
    Path phaseFile = folder.resolve("phase.json");
    Path samplesFile = folder.resolve("samples.jtl");
    for (Path file : new Path[] {phaseFile, samplesFile}) {
      if (!Files.exists(file)) {
        throw new UnreadableException(file, "is not there");
      }
    }
    Run run =
        new Run(folder, Phase.read(phaseFile), ResourceLog.read(folder.resolve("resources.csv")));
    Map<String, Long> limits = new HashMap<>(inTime);
    SampleFile.read(samplesFile, row -> run.take(row, limits, withRates));
    if (run.all.count() == 0) {
      throw new UnreadableException(samplesFile, "holds no sample");
    }
    return run;
  }

  private void take(SampleRow row, Map<String, Long> limits, Set<String> withRates) {
    boolean inTime = row.micros() <= limits.getOrDefault(row.label(), Long.MAX_VALUE);
    labels
        .computeIfAbsent(row.label(), ignored -> new Samples())
        .add(row, inTime, withRates.contains(row.label()), cellMillis, chartSeconds);
    all.add(row, inTime, false, cellMillis, chartSeconds);
    seconds
        .computeIfAbsent(Math.floorDiv(row.endMillis(), 1000L), ignored -> new Tally())
        .add(row.right(), inTime, row.micros() / 1000.0);
    threads.add(row.threads());
    firstMillis = Math.min(firstMillis, row.startMillis());
    lastMillis = Math.max(lastMillis, row.endMillis());
    if (row.planned() >= 0) {
      late.add(Math.max(0, row.startMillis() - row.planned()));
      firstPlanned = Math.min(firstPlanned, row.planned());
      lastPlanned = Math.max(lastPlanned, row.planned());
    }
  }

  /** Where it lies. */
  public Path folder() {
    return folder;
  }

  /** What it says of itself. */
  public Phase phase() {
    return phase;
  }

  /** Samples by operation. */
  public Map<String, Samples> labels() {
    return labels;
  }

  /** All samples. */
  public Samples all() {
    return all;
  }

  /** Users at once, as each sample saw them. */
  public Counts threads() {
    return threads;
  }

  /** How many milliseconds later than planned each arrival was sent; empty in a closed loop. */
  public Counts late() {
    return late;
  }

  /** What the processes used. */
  public ResourceLog resources() {
    return resources;
  }

  /** All samples by the second of the epoch in which they ended. */
  public TreeMap<Long, Tally> seconds() {
    return seconds;
  }

  /** Length of a stretch of {@link Samples#cells()}: about a thousandth of the run. */
  public long cellMillis() {
    return cellMillis;
  }

  /** Length of a stretch of {@link Samples#chart()}. */
  public long chartSeconds() {
    return chartSeconds;
  }

  /** When the first sample was sent, in milliseconds of the epoch. */
  public long firstMillis() {
    return firstMillis;
  }

  /** When the last sample ended, in milliseconds of the epoch. */
  public long lastMillis() {
    return lastMillis;
  }

  /** Seconds from the first sample to the end of the last. */
  public double spanSeconds() {
    return (lastMillis - firstMillis) / 1000.0;
  }

  /**
   * Seconds over which the arrivals were planned: as long as the run was to be, if it was that
   * long; else from the first to the last, and one interval, as n arrivals have n - 1 intervals
   * between them. 0 without two planned arrivals.
   */
  public double plannedSeconds() {
    long n = late.count();
    double seen = n < 2 ? 0 : (lastPlanned - firstPlanned) / 1000.0 * n / (n - 1);
    double wanted = phase.durationPlannedS();
    return seen >= NEARLY_ALL * wanted ? Math.max(seen, wanted) : seen;
  }
}
