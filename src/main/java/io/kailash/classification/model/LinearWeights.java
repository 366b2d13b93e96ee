package io.kailash.classification.model;

/**
 * The weights of all nodes, by feature: for each feature the nodes that it speaks for or against,
 * with an 8-bit weight and one scale for the feature. Adding up the features of an item costs as
 * many steps as they have weights, whatever the number of nodes.
 */
final class LinearWeights {
  static final int MOST_NODES = 1 << 16;

  /** Of each feature where its weights begin and the bits of its scale, which are read together. */
  private final int[] heads;

  private final char[] nodes;
  private final byte[] weights;
  private final float[] biases;

  /**
   * Takes over the arrays.
   *
   * @param starts where the weights of a feature begin in {@code nodes}; one more than there are
   *     features
   * @param nodes node of each weight, ascending within a feature; unsigned
   * @param weights the weights, to be multiplied with the scale of the feature
   * @param scales one per feature
   * @param biases one per node
   */
  LinearWeights(int[] starts, char[] nodes, byte[] weights, float[] scales, float[] biases) {
    heads = new int[starts.length * 2];
    for (int feature = 0; feature < starts.length; feature++) {
      heads[2 * feature] = starts[feature];
      heads[2 * feature + 1] =
          feature < scales.length ? Float.floatToRawIntBits(scales[feature]) : 0;
    }
    this.nodes = nodes;
    this.weights = weights;
    this.biases = biases;
  }

  int count() {
    return nodes.length;
  }

  /** Where the weights of a feature begin; those of the last end where one more would begin. */
  int start(int feature) {
    return heads[2 * feature];
  }

  float scale(int feature) {
    return Float.intBitsToFloat(heads[2 * feature + 1]);
  }

  int node(int at) {
    return nodes[at];
  }

  byte[] weights() {
    return weights;
  }

  float[] biases() {
    return biases;
  }

  /**
   * Reads both ends of the rows of these features. Each lies somewhere else, and a processor waits
   * for one after the other while it adds them up; read without anything between, they come into
   * its cache side by side. Inside a busy service this halves the time of {@link #score}.
   *
   * @return a number without meaning; to keep it keeps the reading from being optimised away
   */
  int bringIn(int[] features, int length) {
    int read = 0;
    for (int i = 0; i < length; i++) {
      int head = 2 * features[i];
      int start = heads[head];
      int last = heads[head + 2] - 1;
      if (start <= last) {
        read += nodes[start] + weights[start] + nodes[last] + weights[last];
      }
    }
    return read;
  }

  /** Sets {@code scores} (one per node) to bias plus the sum over the features. */
  void score(int[] features, float[] values, int length, float[] scores) {
    System.arraycopy(biases, 0, scores, 0, biases.length);
    for (int i = 0; i < length; i++) {
      int head = 2 * features[i];
      float factor = Float.intBitsToFloat(heads[head + 1]) * values[i];
      for (int at = heads[head], end = heads[head + 2]; at < end; at++) {
        scores[nodes[at]] += factor * weights[at];
      }
    }
  }

  /** The weight of a feature for a node. */
  float weight(int feature, int node) {
    for (int at = start(feature); at < start(feature + 1); at++) {
      if (nodes[at] == node) {
        return scale(feature) * weights[at];
      }
    }
    return 0;
  }
}
