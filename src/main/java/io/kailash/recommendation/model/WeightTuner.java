package io.kailash.recommendation.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Finds how much newer items of a history count more, and how much each way of comparing items
 * counts, by trying them on held-out history: coordinate ascent on Recall@20 + NDCG@10.
 */
final class WeightTuner {

  private static final double[] OFFSETS = {1, 2, 3, 5, 10, 20, 50, Double.POSITIVE_INFINITY};
  private static final double[] FACTORS = {0, 0.5, 0.8, 1.25, 2};
  private static final double[] FIRST_WEIGHTS = {0.1, 0.3, 1};
  private static final int ROUNDS = 4;
  private static final int CANDIDATES = 200;
  private static final double GAIN_WORTH_A_CHANGE = 1e-5;

  /** What was found. */
  record Tuned(double recencyOffset, double[] weights) {}

  private final InteractionTable older;
  private final int[][] newer;
  private final int[] users;
  private final Similarities similarities;
  private final int historyLimit;
  private final Workers workers;

  WeightTuner(
      InteractionTable.Split split,
      int[] users,
      Similarities similarities,
      int historyLimit,
      Workers workers) {
    older = split.older();
    newer = split.newer();
    this.users = users;
    this.similarities = similarities;
    this.historyLimit = historyLimit;
    this.workers = workers;
  }

  Tuned tune() {
    int sources = similarities.names.size();
    int best = 0;
    double bestScore = -1;
    for (int s = 0; s < sources; s++) {
      double[] only = new double[sources];
      only[s] = 1;
      double score = objective(candidates(5), only);
      if (score > bestScore) {
        bestScore = score;
        best = s;
      }
    }
    double[] weights = new double[sources];
    weights[best] = 1;
    double offset = 5;
    for (double tried : OFFSETS) {
      double score = objective(candidates(tried), weights);
      if (score > bestScore + GAIN_WORTH_A_CHANGE) {
        bestScore = score;
        offset = tried;
      }
    }
    List<Candidates> candidates = candidates(offset);
    double[] found = ascend(weights, w -> objective(candidates, w));
    return new Tuned(offset, found);
  }

  /** Changes one weight after the other as long as that is worth it. */
  static double[] ascend(double[] start, ToDoubleFunction<double[]> objective) {
    double[] weights = start.clone();
    double best = objective.applyAsDouble(weights);
    boolean changed = true;
    for (int round = 0; round < ROUNDS && changed; round++) {
      changed = false;
      for (int s = 0; s < weights.length; s++) {
        double base = weights[s];
        double bestHere = base;
        for (double factor : base > 0 ? FACTORS : FIRST_WEIGHTS) {
          weights[s] = base > 0 ? base * factor : factor;
          if (Arrays.stream(weights).sum() > 0) {
            double score = objective.applyAsDouble(weights);
            if (score > best + GAIN_WORTH_A_CHANGE) {
              best = score;
              bestHere = weights[s];
              changed = true;
            }
          }
        }
        weights[s] = bestHere;
      }
    }
    return weights;
  }

  /**
   * What may be recommended to one user.
   *
   * @param items not seen by the user
   * @param scores by source, of each item
   * @param truth what came true
   */
  private record Candidates(int[] items, float[][] scores, int[] truth) {}

  private List<Candidates> candidates(double offset) {
    HistoryWeights history = new HistoryWeights(offset, historyLimit);
    Candidates[] all = new Candidates[users.length];
    workers.each(
        "tuning",
        users.length,
        () -> {
          int count = older.items.length;
          float[][] dense = new float[similarities.names.size()][count];
          boolean[] chosen = new boolean[count];
          boolean[] seen = new boolean[count];
          return at -> all[at] = ofUser(users[at], history, dense, chosen, seen);
        });
    return Arrays.asList(all);
  }

  private Candidates ofUser(
      int user, HistoryWeights history, float[][] dense, boolean[] chosen, boolean[] seen) {
    int from = older.starts[user];
    int to = older.starts[user + 1];
    double[] weights = history.weigh(older.strength, older.at, from, to);
    for (int e = from; e < to; e++) {
      seen[older.item[e]] = true;
    }
    List<int[]> lists = new ArrayList<>();
    for (int s = 0; s < dense.length; s++) {
      SimilarityTable.Rows rows = similarities.rows.get(s);
      int touched = 0;
      for (int e = from; e < to; e++) {
        int row = older.item[e];
        if (weights[e - from] > 0 && rows.items[row] != null) {
          touched += rows.items[row].length;
        }
      }
      RowScores scores = new RowScores(Math.min(touched, older.items.length));
      for (int e = from; e < to; e++) {
        int row = older.item[e];
        if (weights[e - from] > 0 && rows.items[row] != null) {
          double factor = weights[e - from] / similarities.scales.get(s);
          for (int k = 0; k < rows.items[row].length; k++) {
            float part = (float) (factor * rows.scores[row][k]);
            dense[s][rows.items[row][k]] += part;
            scores.add(rows.items[row][k], part, row);
          }
        }
      }
      lists.add(scores.top(item -> seen[item], CANDIDATES));
    }
    int count = 0;
    for (int[] list : lists) {
      for (int item : list) {
        count += chosen[item] ? 0 : 1;
        chosen[item] = true;
      }
    }
    int[] items = new int[count];
    int place = 0;
    for (int[] list : lists) {
      for (int item : list) {
        if (chosen[item]) {
          chosen[item] = false;
          items[place++] = item;
        }
      }
    }
    Arrays.sort(items);
    float[][] scores = new float[dense.length][count];
    for (int s = 0; s < dense.length; s++) {
      for (int k = 0; k < count; k++) {
        scores[s][k] = dense[s][items[k]];
      }
    }
    for (int e = from; e < to; e++) {
      seen[older.item[e]] = false;
      for (int s = 0; s < dense.length; s++) {
        SimilarityTable.Rows rows = similarities.rows.get(s);
        if (rows.items[older.item[e]] != null) {
          for (int item : rows.items[older.item[e]]) {
            dense[s][item] = 0;
          }
        }
      }
    }
    return new Candidates(items, scores, newer[user]);
  }

  private double objective(List<Candidates> candidates, double[] weights) {
    double[] sums = new double[candidates.size()];
    workers.each(
        "tuning",
        sums.length,
        () ->
            at -> {
              Candidates of = candidates.get(at);
              RowScores scores = new RowScores(of.items().length);
              for (int k = 0; k < of.items().length; k++) {
                double score = 0;
                for (int s = 0; s < weights.length; s++) {
                  score += weights[s] * of.scores()[s][k];
                }
                if (score > 0) {
                  scores.add(of.items()[k], (float) score, 0);
                }
              }
              int[] ranking = scores.top(item -> false, RankingTally.RECALL_DEPTH);
              sums[at] =
                  RankingTally.recallAt20(ranking, of.truth())
                      + RankingTally.ndcgAt10(ranking, of.truth());
            });
    return Arrays.stream(sums).sum() / Math.max(1, sums.length);
  }
}
