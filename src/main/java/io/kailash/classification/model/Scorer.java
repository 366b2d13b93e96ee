package io.kailash.classification.model;

/**
 * From an item to probabilities of classes: one thread's buffers over the shared, immutable parts
 * of a model.
 */
final class Scorer {

  private final LinearWeights weights;
  private final float[] scores;
  private int broughtIn;
  final ItemVectors vectors;
  final ClassProbabilities answer;

  Scorer(LinearWeights weights, ItemVectors vectors, ClassProbabilities answer) {
    this.weights = weights;
    this.vectors = vectors;
    this.answer = answer;
    scores = new float[weights.biases().length];
  }

  /** Leaves the probabilities in {@link #answer} and tells how many features are known. */
  int score(ItemText item, float temperature) {
    vectors.make(item);
    broughtIn = weights.bringIn(vectors.features(), vectors.length());
    weights.score(vectors.features(), vectors.values(), vectors.length(), scores);
    answer.of(scores, temperature);
    return vectors.length();
  }

  /**
   * Scores a row of which the weights have not learnt. Features that do not occur in what was
   * learnt are taken out and the rest is normalised again, as happens to the unknown features of a
   * new item; otherwise held-out scores would be smaller than those of new items and calibration
   * would promise too much.
   */
  void scoreHeldOut(SparseRows rows, int row, boolean[] known, float temperature) {
    int length = vectors.makeFromRow(rows, row, known);
    weights.score(vectors.features(), vectors.values(), length, scores);
    answer.of(scores, temperature);
  }
}
