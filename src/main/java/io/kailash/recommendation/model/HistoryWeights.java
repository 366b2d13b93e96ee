package io.kailash.recommendation.model;

import java.util.Arrays;

/**
 * How much each item of a history counts: its strength times {@code offset / (offset + r)}, r the
 * number of later items. Items of the same time share the mean of their places.
 *
 * @param recencyOffset above 0; infinite where all count the same
 * @param limit so many items that count most are used, the others count 0
 */
record HistoryWeights(double recencyOffset, int limit) {

  /** Weights of the entries from {@code from} to before {@code to}, which are in order of time. */
  double[] weigh(float[] strength, long[] at, int from, int to) {
    int count = to - from;
    double[] weights = new double[count];
    for (int first = 0; first < count; ) {
      int end = first + 1;
      while (end < count && at[from + end] == at[from + first]) {
        end++;
      }
      double later = count - end + (end - first - 1) / 2.0;
      for (int k = first; k < end; k++) {
        weights[k] =
            Double.isInfinite(recencyOffset)
                ? strength[from + k]
                : strength[from + k] * recencyOffset / (recencyOffset + later);
      }
      first = end;
    }
    if (count > limit) {
      double[] sorted = weights.clone();
      Arrays.sort(sorted);
      double threshold = sorted[count - limit];
      int left = limit;
      for (double weight : weights) {
        left -= weight > threshold ? 1 : 0;
      }
      for (int k = count - 1; k >= 0; k--) {
        boolean kept = weights[k] > threshold || (weights[k] == threshold && left-- > 0);
        weights[k] = kept ? weights[k] : 0;
      }
    }
    return weights;
  }
}
