package io.kailash.recommendation.model;

import java.util.Arrays;

/**
 * EASE (Steck 2019): the item-to-item weights B with a diagonal of zeros that best reproduce each
 * user's items from his others. With {@code P = (G + lambda I)^-1} and G the items' co-occurrences,
 * {@code B(i, j) = -P(i, j) / P(j, j)}. Here G weighs co-occurrences by their distance in time
 * ({@link CosineSimilarity#kernel}), which stays positive definite: it is the product of two
 * kernels.
 *
 * <p>The inverse is made in place in single precision on the lower half, by sweeping blocks of
 * columns: about n³ multiplications and additions, memory 2 n² bytes.
 */
final class EaseSimilarity {

  private static final int BLOCK = 48;

  private EaseSimilarity() {}

  /** The strongest positive weights of each row. */
  static SimilarityTable.Rows of(
      InteractionTable table, RecommenderOptions options, Workers workers) {
    Weights weights = weights(table, options.sessionShare(), options, workers);
    int count = table.items.length;
    SimilarityTable.Rows rows = new SimilarityTable.Rows(count);
    workers.each(
        "keeping the strongest weights",
        count,
        () -> {
          float[] dense = new float[count];
          return row -> {
            Arrays.fill(dense, 0);
            weights.addRow(row, 1, dense);
            rows.put(row, dense, options.neighbours());
          };
        });
    return rows;
  }

  /** All weights, negative ones too. */
  static Weights weights(
      InteractionTable table, double sessionShare, RecommenderOptions options, Workers workers) {
    float[][] lower = coOccurrences(table, sessionShare, options, workers);
    for (int i = 0; i < lower.length; i++) {
      lower[i][i] += (float) options.easeRegularisation();
    }
    sweep(lower, workers);
    return new Weights(lower);
  }

  /**
   * The weights B.
   *
   * @param lower lower half of -P
   */
  record Weights(float[][] lower) {

    /** Adds {@code factor B(row, j)} to each j. */
    void addRow(int row, float factor, float[] dense) {
      for (int j = 0; j < row; j++) {
        dense[j] -= factor * lower[row][j] / lower[j][j];
      }
      for (int j = row + 1; j < lower.length; j++) {
        dense[j] -= factor * lower[j][row] / lower[j][j];
      }
    }
  }

  /** Lower half with the diagonal; each row is summed by one thread in the order of the users. */
  private static float[][] coOccurrences(
      InteractionTable table, double share, RecommenderOptions options, Workers workers) {
    int count = table.items.length;
    double session = options.session().toMillis();
    InteractionTable.Columns columns = table.columns();
    float[][] lower = new float[count][];
    workers.each(
        "counting co-occurrences",
        count,
        () ->
            row -> {
              float[] sums = new float[row + 1];
              for (int k = columns.starts()[row]; k < columns.starts()[row + 1]; k++) {
                int own = columns.entry()[k];
                int user = columns.user()[k];
                float ownRoot = (float) Math.sqrt(table.strength[own]);
                int from = Math.max(table.starts[user], own - options.pairsPerUser() / 2);
                int to = Math.min(table.starts[user + 1], own + options.pairsPerUser() / 2 + 1);
                for (int e = from; e < to; e++) {
                  if (table.item[e] <= row) {
                    float both = ownRoot * (float) Math.sqrt(table.strength[e]);
                    sums[table.item[e]] +=
                        share == 0
                            ? both
                            : both
                                * CosineSimilarity.kernel(
                                    table.at[own], table.at[e], session, share);
                  }
                }
              }
              lower[row] = sums;
            });
    return lower;
  }

  /**
   * Turns a positive definite matrix A into -A^-1. For a block K of columns, with D = A(K,K)^-1 and
   * Q = A(.,K) D: A(i,j) -= Q(i) A(K,j) for i, j outside of K, A(i,K) = Q(i), A(K,K) = -D. Once all
   * blocks are swept, the whole is the negative inverse.
   */
  static void sweep(float[][] lower, Workers workers) {
    int count = lower.length;
    for (int first = 0; first < count; first += BLOCK) {
      int start = first;
      int width = Math.min(BLOCK, count - start);
      workers.stopIfCancelled("inverting");
      float[][] panel = new float[width][count];
      for (int k = 0; k < width; k++) {
        System.arraycopy(lower[start + k], 0, panel[k], 0, start + k + 1);
      }
      for (int i = start + 1; i < count; i++) {
        for (int k = 0; k < Math.min(width, i - start); k++) {
          panel[k][i] = lower[i][start + k];
        }
      }
      double[][] inverse = inverse(panel, start, width);
      // Columns of the block are left alone by the update below and set by their formula after it.
      float[][] others = new float[width][];
      for (int k = 0; k < width; k++) {
        others[k] = panel[k].clone();
        Arrays.fill(others[k], start, start + width, 0);
      }
      workers.each(
          "inverting",
          count,
          () -> {
            float[] q = new float[BLOCK];
            return i -> {
              for (int k = 0; k < width; k++) {
                double sum = 0;
                for (int m = 0; m < width; m++) {
                  sum += panel[m][i] * inverse[m][k];
                }
                q[k] = (float) sum;
              }
              float[] row = lower[i];
              boolean inBlock = i >= start && i < start + width;
              if (!inBlock) {
                subtract(row, q, others, width, i + 1);
                for (int k = 0; k < width && start + k < i; k++) {
                  row[start + k] = q[k];
                }
              } else {
                // Row of the block: A(K,j) = D A(K,j), which by symmetry is Q(j).
                int own = i - start;
                for (int j = 0; j < start; j++) {
                  double sum = 0;
                  for (int m = 0; m < width; m++) {
                    sum += inverse[own][m] * panel[m][j];
                  }
                  row[j] = (float) sum;
                }
                for (int k = 0; k <= own; k++) {
                  row[start + k] = (float) -inverse[own][k];
                }
              }
            };
          });
    }
  }

  /** row[j] -= sum over k of q[k] columns[k][j], for j below {@code to}. */
  private static void subtract(float[] row, float[] q, float[][] columns, int width, int to) {
    int k = 0;
    for (; k + 8 <= width; k += 8) {
      float[] c0 = columns[k];
      float[] c1 = columns[k + 1];
      float[] c2 = columns[k + 2];
      float[] c3 = columns[k + 3];
      float[] c4 = columns[k + 4];
      float[] c5 = columns[k + 5];
      float[] c6 = columns[k + 6];
      float[] c7 = columns[k + 7];
      float q0 = q[k];
      float q1 = q[k + 1];
      float q2 = q[k + 2];
      float q3 = q[k + 3];
      float q4 = q[k + 4];
      float q5 = q[k + 5];
      float q6 = q[k + 6];
      float q7 = q[k + 7];
      for (int j = 0; j < to; j++) {
        row[j] -=
            q0 * c0[j]
                + q1 * c1[j]
                + q2 * c2[j]
                + q3 * c3[j]
                + q4 * c4[j]
                + q5 * c5[j]
                + q6 * c6[j]
                + q7 * c7[j];
      }
    }
    for (; k < width; k++) {
      float[] column = columns[k];
      float factor = q[k];
      for (int j = 0; j < to; j++) {
        row[j] -= factor * column[j];
      }
    }
  }

  /** Inverse of the block on the diagonal, by sweeping one column after the other. */
  private static double[][] inverse(float[][] panel, int start, int width) {
    double[][] a = new double[width][width];
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        // The lower half is the exact one: both halves of the panel come from it.
        a[i][j] = i >= j ? panel[i][start + j] : panel[j][start + i];
      }
    }
    for (int k = 0; k < width; k++) {
      double pivot = a[k][k];
      if (!(pivot > 0)) {
        throw new IllegalStateException(
            "the co-occurrences are not positive definite; raise easeRegularisation");
      }
      for (int i = 0; i < width; i++) {
        if (i != k) {
          double factor = a[i][k] / pivot;
          for (int j = 0; j < width; j++) {
            if (j != k) {
              a[i][j] -= factor * a[k][j];
            }
          }
        }
      }
      for (int i = 0; i < width; i++) {
        if (i != k) {
          a[i][k] /= pivot;
          a[k][i] /= pivot;
        }
      }
      a[k][k] = -1 / pivot;
    }
    for (double[] row : a) {
      for (int j = 0; j < width; j++) {
        row[j] = -row[j];
      }
    }
    return a;
  }
}
