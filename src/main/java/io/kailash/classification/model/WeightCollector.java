package io.kailash.classification.model;

import java.util.Arrays;

/**
 * Takes in the weights of one node after the other and keeps the most important ones within a
 * limit. What is kept at the end does not depend on the order in which the nodes come: whatever is
 * dropped on the way would be dropped at the end.
 */
final class WeightCollector {

  /** Importance is compared in steps of 1/8 of a factor of two, so that the limit is one number. */
  private static final int STEPS = 512;

  /**
   * A weight that is rounded to so many 127ths of its feature's largest, or fewer, is left out: on
   * published and on made-up items that changes nothing that could be told from chance, and spares
   * a tenth of the additions.
   */
  private static final int TOO_SMALL = 6;

  private final int limit;
  private final float[] featureWeights;
  private final int[][] features;
  private final float[][] weights;
  private final float[] biases;
  private final long[] histogram = new long[STEPS];
  private long kept;
  private int lowestStep = 1;

  WeightCollector(int nodes, int limit, float[] featureWeights) {
    this.limit = limit;
    this.featureWeights = featureWeights;
    features = new int[nodes][];
    weights = new float[nodes][];
    biases = new float[nodes];
  }

  private int step(float weight, int feature) {
    return Math.max(
        0,
        Math.min(
            STEPS - 1,
            (Float.floatToRawIntBits(Math.abs(weight) * featureWeights[feature]) >>> 20) - 700));
  }

  /**
   * Takes the non-zero weights of a node; the last of {@code dense} is its bias, {@code biasValue}
   * its input.
   */
  void take(int node, float[] dense, float biasValue) {
    int columns = dense.length - 1;
    int threshold;
    synchronized (this) {
      threshold = lowestStep;
    }
    int n = 0;
    for (int f = 0; f < columns; f++) {
      if (dense[f] != 0 && step(dense[f], f) >= threshold) {
        n++;
      }
    }
    int[] f1 = new int[n];
    float[] w1 = new float[n];
    n = 0;
    for (int f = 0; f < columns; f++) {
      if (dense[f] != 0 && step(dense[f], f) >= threshold) {
        f1[n] = f;
        w1[n++] = dense[f];
      }
    }
    synchronized (this) {
      features[node] = f1;
      weights[node] = w1;
      biases[node] = dense[columns] * biasValue;
      for (int i = 0; i < n; i++) {
        histogram[step(w1[i], f1[i])]++;
      }
      kept += n;
      if (kept > 3L * limit) {
        drop(false);
      }
    }
  }

  /** Ends the choice: what is kept now may get other weights, and nothing more is dropped. */
  void choose() {
    synchronized (this) {
      drop(kept > limit);
    }
  }

  /** Features that have a weight for this node. */
  int[] chosen(int node) {
    synchronized (this) {
      return features[node];
    }
  }

  /** Other weights for the chosen features of a node. */
  void refit(int node, float[] dense, float biasValue) {
    synchronized (this) {
      for (int i = 0; i < features[node].length; i++) {
        weights[node][i] = dense[features[node][i]];
      }
      biases[node] = dense[featureWeights.length] * biasValue;
    }
  }

  void takeBias(int node, float bias) {
    synchronized (this) {
      features[node] = new int[0];
      weights[node] = new float[0];
      biases[node] = bias;
    }
  }

  private void drop(boolean toLimit) {
    long above = 0;
    int step = STEPS;
    while (step > lowestStep && above + histogram[step - 1] <= limit) {
      above += histogram[--step];
    }
    if (!toLimit && step > lowestStep) {
      step--;
    }
    lowestStep = Math.max(lowestStep, step);
    Arrays.fill(histogram, 0, lowestStep, 0);
    kept = 0;
    for (int node = 0; node < features.length; node++) {
      if (features[node] == null) {
        continue;
      }
      int[] f = features[node];
      float[] w = weights[node];
      int n = 0;
      for (int i = 0; i < f.length; i++) {
        if (step(w[i], f[i]) >= lowestStep) {
          f[n] = f[i];
          w[n++] = w[i];
        }
      }
      if (n < f.length) {
        features[node] = Arrays.copyOf(f, n);
        weights[node] = Arrays.copyOf(w, n);
      }
      kept += n;
    }
  }

  /** Turns what is kept into weights by feature, rounded to 8 bits. */
  LinearWeights finish() {
    synchronized (this) {
      int columns = featureWeights.length;
      int[] starts = new int[columns + 1];
      float[] largest = new float[columns];
      for (int node = 0; node < features.length; node++) {
        if (features[node] == null) {
          continue;
        }
        for (int i = 0; i < features[node].length; i++) {
          largest[features[node][i]] =
              Math.max(largest[features[node][i]], Math.abs(weights[node][i]));
        }
      }
      for (int node = 0; node < features.length; node++) {
        if (features[node] == null) {
          continue;
        }
        for (int i = 0; i < features[node].length; i++) {
          if (Math.abs(rounded(node, i, largest)) > TOO_SMALL) {
            starts[features[node][i] + 1]++;
          }
        }
      }
      for (int f = 0; f < columns; f++) {
        starts[f + 1] += starts[f];
      }
      int[] fill = Arrays.copyOf(starts, columns);
      char[] nodes = new char[starts[columns]];
      byte[] bytes = new byte[starts[columns]];
      for (int node = 0; node < features.length; node++) {
        if (features[node] == null) {
          continue;
        }
        for (int i = 0; i < features[node].length; i++) {
          int f = features[node][i];
          int rounded = rounded(node, i, largest);
          if (Math.abs(rounded) > TOO_SMALL) {
            nodes[fill[f]] = (char) node;
            bytes[fill[f]++] = (byte) rounded;
          }
        }
      }
      float[] scales = new float[columns];
      for (int f = 0; f < columns; f++) {
        scales[f] = largest[f] / 127;
      }
      return new LinearWeights(starts, nodes, bytes, scales, biases);
    }
  }

  private int rounded(int node, int at, float[] largest) {
    return Math.round(weights[node][at] / largest[features[node][at]] * 127);
  }
}
