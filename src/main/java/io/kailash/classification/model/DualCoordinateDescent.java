package io.kailash.classification.model;

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
  private double[] alpha = new double[0];
  private float[] squaredNorms = new float[0];
  private int[] order = new int[0];

  DualCoordinateDescent(SparseRows data) {
    this.data = data;
  }

  /**
   * What is asked.
   *
   * @param rows which rows of the data take part
   * @param count how many of {@code rows}
   * @param positive for each of them, whether it is of the class
   * @param columns which columns may have a weight
   * @param cost C of every row
   * @param maxEpochs at most so many passes over the rows
   * @param seed of the order of the rows
   */
  record Problem(
      int[] rows,
      int count,
      boolean[] positive,
      boolean[] columns,
      double cost,
      int maxEpochs,
      long seed) {}

  /** The dual solution found last, one number per row of its problem. */
  float[] dual(int count) {
    float[] copy = new float[count];
    for (int i = 0; i < count; i++) {
      copy[i] = (float) alpha[i];
    }
    return copy;
  }

  /**
   * Solves and leaves the solution in {@code weights}.
   *
   * @param problem the problem
   * @param start a dual solution to start from, of a problem with the same rows; null starts from
   *     nothing
   * @param weights one per column, all zero at the start
   */
  void solve(Problem problem, float[] start, float[] weights) {
    int count = problem.count();
    int[] rows = problem.rows();
    boolean[] positive = problem.positive();
    boolean[] columns = problem.columns();
    if (alpha.length < count) {
      alpha = new double[count];
      squaredNorms = new float[count];
      order = new int[count];
    }
    for (int i = 0; i < count; i++) {
      order[i] = i;
      squaredNorms[i] = data.squaredNorm(rows[i], columns);
      alpha[i] = start == null ? 0 : start[i];
      if (alpha[i] > 0) {
        data.addTo(rows[i], (float) (positive[i] ? alpha[i] : -alpha[i]), weights, columns);
      }
    }
    SplittableRandom random = new SplittableRandom(problem.seed());
    double diagonal = 0.5 / problem.cost();
    int active = count;
    double shrinkAbove = Double.POSITIVE_INFINITY;
    for (int epoch = 0; epoch < problem.maxEpochs(); epoch++) {
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
          alpha[i] = Math.max(old - gradient / (squaredNorms[i] + diagonal), 0);
          data.addTo(row, (float) ((alpha[i] - old) * y), weights, columns);
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
