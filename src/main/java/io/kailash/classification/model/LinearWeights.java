package io.kailash.classification.model;

/**
 * The weights of all nodes, by feature: for each feature the nodes that it speaks for or against,
 * with an 8-bit weight and one scale for the feature. Adding up the features of an item costs as
 * many steps as they have weights, whatever the number of nodes.
 *
 * @param starts where the weights of a feature begin in {@code nodes}; one more than there are
 *     features
 * @param nodes node of each weight, ascending within a feature; unsigned
 * @param weights the weights, to be multiplied with the scale of the feature
 * @param scales one per feature
 * @param biases one per node
 */
record LinearWeights(int[] starts, char[] nodes, byte[] weights, float[] scales, float[] biases) {

  static final int MOST_NODES = 1 << 16;

  int count() {
    return nodes.length;
  }

  /**
   * Reads the beginning of the rows of these features. Each lies somewhere else, and a processor
   * waits for one after the other while it adds them up; read without anything between, they come
   * into its cache side by side. Inside a busy service this halves the time of {@link #score}.
   *
   * @return a number without meaning; to keep it keeps the reading from being optimised away
   */
  int bringIn(int[] features, int length) {
    int read = 0;
    for (int i = 0; i < length; i++) {
      int start = starts[features[i]];
      read += Float.floatToRawIntBits(scales[features[i]]);
      if (start < nodes.length) {
        read += nodes[start] + weights[start];
      }
    }
    return read;
  }

  /** Sets {@code scores} (one per node) to bias plus the sum over the features. */
  void score(int[] features, float[] values, int length, float[] scores) {
    System.arraycopy(biases, 0, scores, 0, biases.length);
    for (int i = 0; i < length; i++) {
      int feature = features[i];
      float factor = scales[feature] * values[i];
      for (int at = starts[feature], end = starts[feature + 1]; at < end; at++) {
        scores[nodes[at]] += factor * weights[at];
      }
    }
  }

  /** The weight of a feature for a node. */
  float weight(int feature, int node) {
    for (int at = starts[feature]; at < starts[feature + 1]; at++) {
      if (nodes[at] == node) {
        return scales[feature] * weights[at];
      }
    }
    return 0;
  }
}
