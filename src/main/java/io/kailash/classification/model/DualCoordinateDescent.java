package io.kailash.classification.model;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Solves one two-class L2-regularised L2-loss linear support vector machine in the dual: minimise ½
 * wᵀw + Σ Cᵢ max(0, 1 − yᵢ wᵀxᵢ)² (Hsieh, Chang, Lin, Keerthi, Sundararajan 2008, algorithm 1 with
 * shrinking of variables at their bound).
 *
 * <p>Memory: the weights of one problem and three numbers per row, so thousands of classes are
 * solved one after the other within a bounded heap. Belongs to one thread at a time.
 */
final class DualCoordinateDescent {

  private static final double TOLERANCE = 0.1;

  private final SparseRows data;
  private final float[] squaredNorms;
  private double[] alpha = new double[0];
  private int[] order = new int[0];

  DualCoordinateDescent(SparseRows data, float[] squaredNorms) {
    this.data = data;
    this.squaredNorms = squaredNorms;
  }

  /**
   * Solves and leaves the solution in {@code weights}.
   *
   * @param rows which rows of the data take part
   * @param count how many of {@code rows}
   * @param maxEpochs at most so many passes over the rows
   * @param positive for each of them, whether it is of the class
   * @param costPositive C of positive rows
   * @param costNegative C of negative rows
   * @param weights one per column, all zero at the start
   */
  void solve(
      int[] rows,
      int count,
      int maxEpochs,
      boolean[] positive,
      double costPositive,
      double costNegative,
      float[] weights,
      long seed) {
    if (alpha.length < count) {
      alpha = new double[count];
      order = new int[count];
    }
    Arrays.fill(alpha, 0, count, 0);
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    SplittableRandom random = new SplittableRandom(seed);
    double diagonalPositive = 0.5 / costPositive;
    double diagonalNegative = 0.5 / costNegative;
    int active = count;
    double shrinkAbove = Double.POSITIVE_INFINITY;
    for (int epoch = 0; epoch < maxEpochs; epoch++) {
      double largest = Double.NEGATIVE_INFINITY;
      double smallest = Double.POSITIVE_INFINITY;
      for (int i = active - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swap = order[i];
        order[i] = order[j];
        order[j] = swap;
      }
      for (int at = 0; at < active; at++) {
        int i = order[at];
        int row = rows[i];
        int y = positive[i] ? 1 : -1;
        double diagonal = positive[i] ? diagonalPositive : diagonalNegative;
        double gradient = y * data.dot(row, weights) - 1 + alpha[i] * diagonal;
        double projected = gradient;
        if (alpha[i] == 0) {
          if (gradient > shrinkAbove) {
            active--;
            order[at] = order[active];
            order[active] = i;
            at--;
            continue;
          }
          projected = Math.min(gradient, 0);
        }
        largest = Math.max(largest, projected);
        smallest = Math.min(smallest, projected);
        if (Math.abs(projected) > 1e-12) {
          double old = alpha[i];
          alpha[i] = Math.max(old - gradient / (squaredNorms[row] + diagonal), 0);
          data.addTo(row, (float) ((alpha[i] - old) * y), weights);
        }
      }
      if (largest - smallest <= TOLERANCE) {
        if (active == count) {
          return;
        }
        active = count;
        shrinkAbove = Double.POSITIVE_INFINITY;
        continue;
      }
      shrinkAbove = largest <= 0 ? Double.POSITIVE_INFINITY : largest;
    }
  }
}
