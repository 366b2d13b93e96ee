package io.kailash.classification.model;

import java.util.List;
import java.util.Locale;

/**
 * Quality on examples that were not learnt from. Shares run from 0 to 1.
 *
 * @param examples how many were judged
 * @param unknownCategory of these, how many have a category the model never saw (each counts as an
 *     error)
 * @param accuracyAt1 share whose category is the model's first
 * @param accuracyAt3 share whose category is among the model's first three
 * @param macroF1 F1 averaged over categories, each counting the same
 * @param levels F1 per level of the tree
 * @param meanWeightedF1 mean over the levels of the support-weighted F1
 * @param expectedCalibrationError over 15 bins of equal width: sum of share of the bin × |accuracy
 *     − mean confidence| (Naeini, Cooper, Hauskrecht 2015)
 * @param reliability the bins behind it, empty ones left out
 * @param acceptance what share is accepted, and how accurate that is, for rising thresholds
 */
public record QualityReport(
    long examples,
    long unknownCategory,
    double accuracyAt1,
    double accuracyAt3,
    double macroF1,
    List<LevelQuality> levels,
    double meanWeightedF1,
    double expectedCalibrationError,
    List<ReliabilityBin> reliability,
    List<Acceptance> acceptance) {

  /** Takes copies of the lists. */
  public QualityReport {
    levels = List.copyOf(levels);
    reliability = List.copyOf(reliability);
    acceptance = List.copyOf(acceptance);
  }

  /**
   * Quality at one level of the tree.
   *
   * @param level 1 for the roots
   * @param examples how many have a category at this level
   * @param accuracy share whose category at this level is right
   * @param macroF1 F1 averaged over the level's categories that occur among truth or answers
   * @param weightedF1 F1 averaged over the level's categories, weighted by how often each is the
   *     truth
   */
  public record LevelQuality(
      int level, long examples, double accuracy, double macroF1, double weightedF1) {}

  /**
   * Answers of similar confidence.
   *
   * @param from lower edge, exclusive but for 0
   * @param to upper edge, inclusive
   * @param examples how many
   * @param meanConfidence what the model said
   * @param accuracy what was true
   */
  public record ReliabilityBin(
      double from, double to, long examples, double meanConfidence, double accuracy) {}

  /**
   * What a threshold accepts.
   *
   * @param threshold on the confidence of the best leaf
   * @param shareAccepted share of the examples at or above it
   * @param accuracy of those; 1 where none is accepted
   */
  public record Acceptance(double threshold, double shareAccepted, double accuracy) {}

  /**
   * The report as lines of text for people.
   *
   * @return several lines, each ended by a line feed
   */
  public String table() {
    StringBuilder out = new StringBuilder();
    line(out, "%-34s %10d", "examples", examples);
    line(out, "%-34s %10d", "of a category never seen", unknownCategory);
    line(out, "%-34s %10.4f", "accuracy at 1", accuracyAt1);
    line(out, "%-34s %10.4f", "accuracy at 3", accuracyAt3);
    line(out, "%-34s %10.4f", "macro F1", macroF1);
    line(out, "%-34s %10s %10s %10s", "level", "accuracy", "macro F1", "weighted F1");
    for (LevelQuality level : levels) {
      line(
          out,
          "%-34s %10.4f %10.4f %10.4f",
          "  level " + level.level() + " (" + level.examples() + " examples)",
          level.accuracy(),
          level.macroF1(),
          level.weightedF1());
    }
    line(out, "%-34s %32.4f", "mean of weighted F1 over levels", meanWeightedF1);
    line(out, "%-34s %10.4f", "expected calibration error, 15 bins", expectedCalibrationError);
    line(out, "%-34s %10s %10s %10s", "reliability", "examples", "confidence", "accuracy");
    for (ReliabilityBin bin : reliability) {
      line(
          out,
          "  %.2f to %.2f %31d %10.4f %10.4f",
          bin.from(),
          bin.to(),
          bin.examples(),
          bin.meanConfidence(),
          bin.accuracy());
    }
    line(out, "%-34s %10s %10s", "accepted from confidence", "share", "accuracy");
    for (Acceptance point : acceptance) {
      line(out, "  %.2f %39.4f %10.4f", point.threshold(), point.shareAccepted(), point.accuracy());
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
