package io.kailash.classification.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts answers against the truth, then works out a {@link QualityReport}. */
final class QualityTally {

  private static final int BINS = 15;
  private static final double[] THRESHOLDS = {0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};

  private static final class Counts {
    long truth;
    long answered;
    long right;

    double f1() {
      return truth + answered == 0 ? 0 : 2.0 * right / (truth + answered);
    }
  }

  private final CategoryTree tree;
  private final Map<String, Counts> perCategory = new HashMap<>();
  private final List<Map<String, Counts>> perLevel = new ArrayList<>();
  private final long[] binCount = new long[BINS];
  private final long[] binRight = new long[BINS];
  private final double[] binConfidence = new double[BINS];
  private final long[] accepted = new long[THRESHOLDS.length];
  private final long[] acceptedRight = new long[THRESHOLDS.length];
  private long examples;
  private long unknown;
  private long rightAt1;
  private long rightAt3;

  QualityTally(CategoryTree tree) {
    this.tree = tree;
  }

  void add(String truth, String first, boolean amongThree, double confidence) {
    examples++;
    boolean right = first.equals(truth);
    rightAt1 += right ? 1 : 0;
    rightAt3 += amongThree ? 1 : 0;
    count(perCategory, truth, first);
    int bin = Math.min(BINS - 1, Math.max(0, (int) Math.ceil(confidence * BINS) - 1));
    binCount[bin]++;
    binRight[bin] += right ? 1 : 0;
    binConfidence[bin] += confidence;
    for (int t = 0; t < THRESHOLDS.length; t++) {
      if (confidence >= THRESHOLDS[t]) {
        accepted[t]++;
        acceptedRight[t] += right ? 1 : 0;
      }
    }
    if (!tree.contains(truth)) {
      unknown++;
      return;
    }
    List<String> truthPath = tree.pathCodes(truth);
    List<String> answerPath = tree.pathCodes(first);
    for (int level = 0; level < truthPath.size(); level++) {
      if (perLevel.size() <= level) {
        perLevel.add(new HashMap<>());
      }
      count(
          perLevel.get(level),
          truthPath.get(level),
          level < answerPath.size() ? answerPath.get(level) : null);
    }
  }

  private static void count(Map<String, Counts> counts, String truth, String answer) {
    Counts truthCounts = counts.computeIfAbsent(truth, code -> new Counts());
    truthCounts.truth++;
    if (answer != null) {
      counts.computeIfAbsent(answer, code -> new Counts()).answered++;
      if (answer.equals(truth)) {
        truthCounts.right++;
      }
    }
  }

  private static double macroF1(Map<String, Counts> counts) {
    // Sorted, so that the sum is the same at every run.
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .mapToDouble(e -> e.getValue().f1())
        .average()
        .orElse(0);
  }

  QualityReport report() {
    List<QualityReport.LevelQuality> levels = new ArrayList<>();
    double sum = 0;
    for (int level = 0; level < perLevel.size(); level++) {
      Map<String, Counts> counts = perLevel.get(level);
      long total = 0;
      long right = 0;
      double weighted = 0;
      for (String code : counts.keySet().stream().sorted().toList()) {
        Counts c = counts.get(code);
        total += c.truth;
        right += c.right;
        weighted += c.truth * c.f1();
      }
      levels.add(
          new QualityReport.LevelQuality(
              level + 1, total, right / (double) total, macroF1(counts), weighted / total));
      sum += weighted / total;
    }
    List<QualityReport.ReliabilityBin> bins = new ArrayList<>();
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      if (binCount[bin] > 0) {
        double accuracy = binRight[bin] / (double) binCount[bin];
        double confidence = binConfidence[bin] / binCount[bin];
        bins.add(
            new QualityReport.ReliabilityBin(
                bin / (double) BINS,
                (bin + 1) / (double) BINS,
                binCount[bin],
                confidence,
                accuracy));
        error += binCount[bin] / (double) examples * Math.abs(accuracy - confidence);
      }
    }
    List<QualityReport.Acceptance> acceptance = new ArrayList<>();
    for (int t = 0; t < THRESHOLDS.length; t++) {
      acceptance.add(
          new QualityReport.Acceptance(
              THRESHOLDS[t],
              accepted[t] / (double) examples,
              accepted[t] == 0 ? 1 : acceptedRight[t] / (double) accepted[t]));
    }
    return new QualityReport(
        examples,
        unknown,
        rightAt1 / (double) examples,
        rightAt3 / (double) examples,
        macroF1(perCategory),
        levels,
        levels.isEmpty() ? 0 : sum / levels.size(),
        error,
        bins,
        acceptance);
  }
}
