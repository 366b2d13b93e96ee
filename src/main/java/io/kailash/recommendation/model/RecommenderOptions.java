package io.kailash.recommendation.model;

/** Options of the training. */
public record RecommenderOptions(int itemsPerItem) {
  public static RecommenderOptions defaults() {
    return new RecommenderOptions(200);
  }
}
