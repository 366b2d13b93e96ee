package io.kailash.recommendation.model;

import java.util.Arrays;
import java.util.Random;

/**
 * Implicit alternating least squares (Hu, Koren, Volinsky 2008): factors x of users and y of items
 * that minimise the sum over all pairs of {@code c (p - x y)²}, with p = 1 and c = 1 + confidence
 * times strength where the user turned to the item, and p = 0 and c = 1 elsewhere; plus
 * regularisation times sqrt(n) of the squared lengths, n the number of interactions of the user or
 * item (a form of the frequency scaling of Rendle and others 2021).
 *
 * <p>Items are compared by what solving for a user makes of one interaction: {@code s(i, j) = y(i)
 * (Y'Y + regularisation + confidence mean(y y'))^-1 y(j)}, the mean over all interactions of a user
 * of average length. So a history can be scored as a sum of rows, without solving for the user.
 */
final class FactorSimilarity {

  private static final int CHUNK = 2_048;

  private final InteractionTable table;
  private final InteractionTable.Columns columns;
  private final RecommenderOptions options;
  private final Workers workers;
  private final int factors;

  /** Factors of item i from {@code i * factors} on; so for users. */
  final float[] itemFactors;

  final float[] userFactors;

  private FactorSimilarity(
      InteractionTable table, RecommenderOptions options, Workers workers, float[] start) {
    this.table = table;
    this.options = options;
    this.workers = workers;
    columns = table.columns();
    factors = options.factors();
    userFactors = new float[Math.multiplyExact(table.users.length, factors)];
    if (start != null) {
      itemFactors = start.clone();
    } else {
      itemFactors = new float[Math.multiplyExact(table.items.length, factors)];
      Random random = new Random(options.seed());
      for (int k = 0; k < itemFactors.length; k++) {
        itemFactors[k] = (float) (random.nextGaussian() * 0.1);
      }
    }
  }

  /**
   * Learns the factors.
   *
   * @param start factors of the items to begin with; null for random ones
   */
  static FactorSimilarity learn(
      InteractionTable table,
      RecommenderOptions options,
      int iterations,
      float[] start,
      Workers workers) {
    FactorSimilarity learnt = new FactorSimilarity(table, options, workers, start);
    for (int round = 0; round < iterations; round++) {
      learnt.solveUsers();
      learnt.solveItems();
    }
    return learnt;
  }

  private void solveUsers() {
    double[] gram = gram(itemFactors, table.items.length);
    workers.each(
        "solving for users",
        table.users.length,
        () -> {
          Solver solver = new Solver();
          return user -> {
            solver.begin(gram, table.starts[user + 1] - table.starts[user]);
            for (int e = table.starts[user]; e < table.starts[user + 1]; e++) {
              solver.add(itemFactors, table.item[e], table.strength[e]);
            }
            solver.solveInto(userFactors, user);
          };
        });
  }

  private void solveItems() {
    double[] gram = gram(userFactors, table.users.length);
    workers.each(
        "solving for items",
        table.items.length,
        () -> {
          Solver solver = new Solver();
          return item -> {
            solver.begin(gram, columns.starts()[item + 1] - columns.starts()[item]);
            for (int k = columns.starts()[item]; k < columns.starts()[item + 1]; k++) {
              solver.add(userFactors, columns.user()[k], table.strength[columns.entry()[k]]);
            }
            solver.solveInto(itemFactors, item);
          };
        });
  }

  /** Sum of the products of each row with itself, lower half row by row; chunks keep the order. */
  private double[] gram(float[] rows, int count) {
    int chunks = (count + CHUNK - 1) / CHUNK;
    double[][] sums = new double[chunks][];
    workers.each(
        "adding up factors",
        chunks,
        () ->
            chunk -> {
              double[] sum = new double[factors * factors];
              for (int r = chunk * CHUNK; r < Math.min(count, (chunk + 1) * CHUNK); r++) {
                addProduct(sum, rows, r * factors, 1);
              }
              sums[chunk] = sum;
            });
    double[] gram = new double[factors * factors];
    for (double[] sum : sums) {
      for (int k = 0; k < gram.length; k++) {
        gram[k] += sum[k];
      }
    }
    return gram;
  }

  /** Adds to the upper half: {@code weight y y'}. */
  private void addProduct(double[] sum, float[] rows, int from, double weight) {
    for (int r = 0; r < factors; r++) {
      double factor = weight * rows[from + r];
      int base = r * factors;
      for (int c = r; c < factors; c++) {
        sum[base + c] += factor * rows[from + c];
      }
    }
  }

  /** Rows of similar items; items nobody turned to are similar to none. */
  SimilarityTable.Rows similarities(boolean[] wanted) {
    int count = table.items.length;
    double[] kernel = gram(itemFactors, count);
    double perUser = table.pairs() / (double) Math.max(1, table.users.length);
    int[] usersOfItem = table.usersOfItems();
    for (int i = 0; i < count; i++) {
      double share = usersOfItem[i] / (double) Math.max(1, table.users.length);
      if (share > 0) {
        addProduct(kernel, itemFactors, i * factors, options.factorConfidence() * share);
      }
    }
    double regularisation = options.factorRegularisation() * Math.sqrt(Math.max(1, perUser));
    for (int r = 0; r < factors; r++) {
      kernel[r * factors + r] += regularisation;
    }
    decompose(kernel, factors);
    // With kernel = U'U the comparison is the dot product of z = U'^-1 y; kept factor by factor.
    float[][] compared = new float[(factors + 7) / 8 * 8][count];
    double[] z = new double[factors];
    for (int i = 0; i < count; i++) {
      for (int r = 0; r < factors; r++) {
        z[r] = itemFactors[i * factors + r];
      }
      forward(kernel, z, factors);
      for (int r = 0; r < factors; r++) {
        compared[r][i] = (float) z[r];
      }
    }
    SimilarityTable.Rows rows = new SimilarityTable.Rows(count);
    workers.each(
        "comparing items by their factors",
        count,
        () -> {
          float[] dense = new float[count];
          return row -> {
            if (usersOfItem[row] == 0 || (wanted != null && !wanted[row])) {
              return;
            }
            Arrays.fill(dense, 0);
            for (int k = 0; k < compared.length; k += 8) {
              addRows(dense, compared, k, row);
            }
            dense[row] = 0;
            rows.put(row, dense, options.neighbours());
          };
        });
    return rows;
  }

  /** What a user's factors say of every item. */
  float[] scoresOf(int user) {
    float[] scores = new float[table.items.length];
    for (int i = 0; i < scores.length; i++) {
      float sum = 0;
      for (int k = 0; k < factors; k++) {
        sum += userFactors[user * factors + k] * itemFactors[i * factors + k];
      }
      scores[i] = sum;
    }
    return scores;
  }

  private static void addRows(float[] dense, float[][] columns, int k, int row) {
    float[] c0 = columns[k];
    float[] c1 = columns[k + 1];
    float[] c2 = columns[k + 2];
    float[] c3 = columns[k + 3];
    float[] c4 = columns[k + 4];
    float[] c5 = columns[k + 5];
    float[] c6 = columns[k + 6];
    float[] c7 = columns[k + 7];
    float q0 = c0[row];
    float q1 = c1[row];
    float q2 = c2[row];
    float q3 = c3[row];
    float q4 = c4[row];
    float q5 = c5[row];
    float q6 = c6[row];
    float q7 = c7[row];
    for (int j = 0; j < dense.length; j++) {
      dense[j] +=
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

  /** U of {@code a = U'U} in the upper half of a, row by row. */
  static void decompose(double[] a, int size) {
    for (int k = 0; k < size; k++) {
      int pivotRow = k * size;
      double pivot = a[pivotRow + k];
      if (!(pivot > 0)) {
        throw new IllegalStateException(
            "the factors are not positive definite; raise factorRegularisation");
      }
      double root = Math.sqrt(pivot);
      for (int c = k; c < size; c++) {
        a[pivotRow + c] /= root;
      }
      for (int r = k + 1; r < size; r++) {
        double factor = a[pivotRow + r];
        int row = r * size;
        for (int c = r; c < size; c++) {
          a[row + c] -= factor * a[pivotRow + c];
        }
      }
    }
  }

  /** Solves U'z = b in place. */
  static void forward(double[] u, double[] b, int size) {
    for (int k = 0; k < size; k++) {
      b[k] /= u[k * size + k];
      double known = b[k];
      for (int r = k + 1; r < size; r++) {
        b[r] -= known * u[k * size + r];
      }
    }
  }

  /** Solves Ux = b in place. */
  static void backward(double[] u, double[] b, int size) {
    for (int k = size - 1; k >= 0; k--) {
      double sum = b[k];
      for (int c = k + 1; c < size; c++) {
        sum -= u[k * size + c] * b[c];
      }
      b[k] = sum / u[k * size + k];
    }
  }

  /** The normal equations of one user or item. */
  private final class Solver {
    private final double[] matrix = new double[factors * factors];
    private final double[] right = new double[factors];
    private boolean any;

    void begin(double[] gram, int interactions) {
      any = interactions > 0;
      if (!any) {
        return;
      }
      System.arraycopy(gram, 0, matrix, 0, matrix.length);
      double regularisation = options.factorRegularisation() * Math.sqrt(interactions);
      for (int r = 0; r < factors; r++) {
        matrix[r * factors + r] += regularisation;
      }
      Arrays.fill(right, 0);
    }

    void add(float[] rows, int row, float strength) {
      double confidence = options.factorConfidence() * strength;
      int from = row * factors;
      addProduct(matrix, rows, from, confidence);
      for (int r = 0; r < factors; r++) {
        right[r] += (1 + confidence) * rows[from + r];
      }
    }

    void solveInto(float[] rows, int row) {
      int from = row * factors;
      if (!any) {
        Arrays.fill(rows, from, from + factors, 0);
        return;
      }
      decompose(matrix, factors);
      forward(matrix, right, factors);
      backward(matrix, right, factors);
      for (int r = 0; r < factors; r++) {
        rows[from + r] = (float) right[r];
      }
    }
  }
}
