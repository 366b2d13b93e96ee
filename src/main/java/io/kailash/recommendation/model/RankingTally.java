package io.kailash.recommendation.model;

import java.util.Arrays;

/** Adds up how good rankings are; {@link RecommenderQuality} tells the measures. */
final class RankingTally {

  static final int RECALL_DEPTH = 20;
  static final int GAIN_DEPTH = 10;

  private final int[] usersOfItems;
  private final int users;
  private final boolean[] shown;
  private long judged;
  private long heldOut;
  private double recall;
  private double gain;
  private double bits;
  private long shownItems;

  /**
   * A tally.
   *
   * @param usersOfItems how many users turned to each item in the part that was learnt from
   * @param users how many users there are
   */
  RankingTally(int[] usersOfItems, int users) {
    this.usersOfItems = usersOfItems;
    this.users = users;
    shown = new boolean[usersOfItems.length];
  }

  static double recallAt20(int[] ranking, int[] truth) {
    int hits = 0;
    for (int k = 0; k < Math.min(RECALL_DEPTH, ranking.length); k++) {
      hits += contains(truth, ranking[k]) ? 1 : 0;
    }
    return hits / (double) truth.length;
  }

  static double ndcgAt10(int[] ranking, int[] truth) {
    double sum = 0;
    double ideal = 0;
    for (int k = 0; k < GAIN_DEPTH; k++) {
      double discount = Math.log(2) / Math.log(k + 2.0);
      if (k < ranking.length && contains(truth, ranking[k])) {
        sum += discount;
      }
      if (k < truth.length) {
        ideal += discount;
      }
    }
    return sum / ideal;
  }

  private static boolean contains(int[] truth, int item) {
    for (int one : truth) {
      if (one == item) {
        return true;
      }
    }
    return false;
  }

  /** One user's ranking of at most 20, best first, and what came true; not empty. */
  void add(int[] ranking, int[] truth) {
    judged++;
    heldOut += truth.length;
    recall += recallAt20(ranking, truth);
    gain += ndcgAt10(ranking, truth);
    for (int item : Arrays.copyOf(ranking, Math.min(RECALL_DEPTH, ranking.length))) {
      shown[item] = true;
      shownItems++;
      bits -= Math.log(Math.max(1, usersOfItems[item]) / (double) users) / Math.log(2);
    }
  }

  RecommenderQuality quality() {
    int known = 0;
    int covered = 0;
    for (int i = 0; i < shown.length; i++) {
      known += usersOfItems[i] > 0 ? 1 : 0;
      covered += shown[i] ? 1 : 0;
    }
    return new RecommenderQuality(
        judged,
        heldOut,
        judged == 0 ? 0 : recall / judged,
        judged == 0 ? 0 : gain / judged,
        known == 0 ? 0 : covered / (double) known,
        shownItems == 0 ? 0 : bits / shownItems);
  }
}
