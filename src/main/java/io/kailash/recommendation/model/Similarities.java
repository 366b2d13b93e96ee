package io.kailash.recommendation.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Predicate;

/**
 * The ways of comparing items, learnt from one table. Each is scaled by the mean, over all
 * interactions, of the highest score in the item's row, so that weights mean the same for any data.
 */
final class Similarities {

  static final String EASE = "ease";
  static final String KNN = "item-knn";
  static final String ALS = "ials";

  /** What was learnt, in the order of the rows. */
  final List<String> names = new ArrayList<>();

  final List<SimilarityTable.Rows> rows = new ArrayList<>();
  final List<Double> scales = new ArrayList<>();

  /** Factors of the items, to begin a later training with; null without factorisation. */
  float[] itemFactors;

  private Similarities() {}

  /**
   * Learns all that the options ask for.
   *
   * @param wanted rows that will be asked for; null for all
   * @param asked names of those that are to be learnt
   * @param start factors of the items of an earlier training on nearly the same; null for none
   */
  static Similarities learn(
      InteractionTable table,
      boolean[] wanted,
      Predicate<String> asked,
      float[] start,
      RecommenderOptions options,
      Workers workers,
      ObjDoubleConsumer<String> progress) {
    Similarities learnt = new Similarities();
    if (asked.test(KNN)) {
      progress.accept("comparing items by their users", 0);
      learnt.add(KNN, CosineSimilarity.of(table, wanted, false, options, workers), table);
    }
    if (options.factors() > 0 && asked.test(ALS)) {
      progress.accept("factorising", 0.15);
      int rounds =
          start == null ? options.factorIterations() : (options.factorIterations() + 1) / 2;
      FactorSimilarity factors = FactorSimilarity.learn(table, options, rounds, start, workers);
      learnt.itemFactors = factors.itemFactors;
      progress.accept("comparing items by their factors", 0.6);
      learnt.add(ALS, factors.similarities(wanted), table);
    }
    if (options.easeItemLimit() > 0
        && table.items.length <= options.easeItemLimit()
        && asked.test(EASE)) {
      progress.accept("inverting co-occurrences", 0.8);
      learnt.add(EASE, EaseSimilarity.of(table, options, workers), table);
    }
    return learnt;
  }

  private void add(String name, SimilarityTable.Rows made, InteractionTable table) {
    names.add(name);
    rows.add(made);
    double sum = 0;
    long count = 0;
    for (int item : table.item) {
      if (made.scores[item] != null && made.scores[item].length > 0) {
        float highest = 0;
        for (float score : made.scores[item]) {
          highest = Math.max(highest, score);
        }
        sum += highest;
        count++;
      }
    }
    scales.add(count == 0 ? 1 : sum / count);
  }

  /** The weighted sum of all as one table. */
  SimilarityTable merged(double[] weights, RecommenderOptions options, Workers workers) {
    double[] scaled = new double[weights.length];
    for (int s = 0; s < weights.length; s++) {
      scaled[s] = weights[s] / scales.get(s);
    }
    SimilarityTable.Rows merged =
        SimilarityTable.Rows.merged(
            rows.toArray(new SimilarityTable.Rows[0]), scaled, options.neighbours(), workers);
    merged.cut(options.mostSimilarities());
    return SimilarityTable.of(merged);
  }
}
