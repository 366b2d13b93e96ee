package io.kailash.classification.model;

import java.util.Arrays;

/**
 * A rising function from a raw confidence to how often such answers were right: isotonic regression
 * by pooling adjacent violators (Zadrozny, Elkan 2002), joined by straight lines between the
 * centres of the pools.
 *
 * @param from raw confidences, strictly rising, at least one
 * @param to calibrated confidences, never falling
 */
record IsotonicCalibration(float[] from, float[] to) {

  /** Changes nothing. */
  static IsotonicCalibration identity() {
    return new IsotonicCalibration(new float[] {0, 1}, new float[] {0, 1});
  }

  /**
   * Fits.
   *
   * @param raw raw confidences, from 0 to 1
   * @param right whether the answer was right
   */
  static IsotonicCalibration fit(float[] raw, boolean[] right) {
    int n = raw.length;
    if (n == 0) {
      return identity();
    }
    Integer[] order = new Integer[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    Arrays.sort(order, (a, b) -> Float.compare(raw[a], raw[b]));
    // Starting from small groups instead of single examples keeps the ends from running to 0 and 1
    // on a few examples.
    int group = Math.max(1, Math.min(50, n / 20));
    double[] x = new double[n];
    double[] y = new double[n];
    double[] weight = new double[n];
    int pools = 0;
    for (int at = 0; at < n; ) {
      int end = Math.min(n, at + group);
      while (end < n && raw[order[end]] == raw[order[end - 1]]) {
        end++;
      }
      double sumX = 0;
      int hits = 0;
      for (int i = at; i < end; i++) {
        sumX += raw[order[i]];
        hits += right[order[i]] ? 1 : 0;
      }
      x[pools] = sumX / (end - at);
      // A pool is never held to be always or never right: one half is added to either count
      // (Jeffreys).
      y[pools] = (hits + 0.5) / (end - at + 1.0);
      weight[pools] = end - at;
      pools++;
      while (pools > 1 && y[pools - 2] >= y[pools - 1]) {
        double sum = weight[pools - 2] + weight[pools - 1];
        x[pools - 2] = (x[pools - 2] * weight[pools - 2] + x[pools - 1] * weight[pools - 1]) / sum;
        y[pools - 2] = (y[pools - 2] * weight[pools - 2] + y[pools - 1] * weight[pools - 1]) / sum;
        weight[pools - 2] = sum;
        pools--;
      }
      at = end;
    }
    float[] from = new float[pools];
    float[] to = new float[pools];
    int kept = 0;
    for (int i = 0; i < pools; i++) {
      float f = (float) x[i];
      if (kept == 0 || f > from[kept - 1]) {
        from[kept] = f;
        to[kept++] = (float) y[i];
      }
    }
    return new IsotonicCalibration(Arrays.copyOf(from, kept), Arrays.copyOf(to, kept));
  }

  /** The calibrated confidence. */
  float apply(float raw) {
    int last = from.length - 1;
    if (raw <= from[0]) {
      return from[0] <= 0 ? to[0] : to[0] * Math.max(0, raw) / from[0];
    }
    if (raw >= from[last]) {
      return to[last];
    }
    int low = 0;
    int high = last;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (from[middle] <= raw) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return to[low] + (to[high] - to[low]) * (raw - from[low]) / (from[high] - from[low]);
  }
}
