package io.kailash.recommendation.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

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
  private static final int TILE = 2_048;
  private static final int ROWS_AT_ONCE = 16;

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
    double[] eigenvalues = turnToEigenvectors(itemFactors, table.items.length);
    workers.each(
        "solving for users",
        table.users.length,
        () -> {
          Solver solver = new Solver(eigenvalues, itemFactors);
          return user -> {
            solver.begin(table.starts[user + 1] - table.starts[user]);
            for (int e = table.starts[user]; e < table.starts[user + 1]; e++) {
              solver.add(table.item[e], table.strength[e]);
            }
            solver.solveInto(userFactors, user);
          };
        });
  }

  private void solveItems() {
    double[] eigenvalues = turnToEigenvectors(userFactors, table.users.length);
    workers.each(
        "solving for items",
        table.items.length,
        () -> {
          Solver solver = new Solver(eigenvalues, userFactors);
          return item -> {
            solver.begin(columns.starts()[item + 1] - columns.starts()[item]);
            for (int k = columns.starts()[item]; k < columns.starts()[item + 1]; k++) {
              solver.add(columns.user()[k], table.strength[columns.entry()[k]]);
            }
            solver.solveInto(itemFactors, item);
          };
        });
  }

  /**
   * Turns factors so that their sum of products is diagonal, which changes none of what they say:
   * the other side is solved in the same turned space right after. With a diagonal, a user of n
   * interactions costs a system of n unknowns instead of one of all factors.
   */
  private double[] turnToEigenvectors(float[] rows, int count) {
    double[] gram = gram(rows, count);
    double[][] full = new double[factors][factors];
    for (int r = 0; r < factors; r++) {
      for (int c = r; c < factors; c++) {
        full[r][c] = gram[r * factors + c];
        full[c][r] = full[r][c];
      }
    }
    double[][] turn = eigenvectors(full);
    int chunks = (count + CHUNK - 1) / CHUNK;
    workers.each(
        "turning factors",
        chunks,
        () -> {
          double[] turned = new double[factors];
          return chunk -> {
            for (int row = chunk * CHUNK; row < Math.min(count, (chunk + 1) * CHUNK); row++) {
              Arrays.fill(turned, 0);
              for (int k = 0; k < factors; k++) {
                double value = rows[row * factors + k];
                for (int c = 0; c < factors; c++) {
                  turned[c] += value * turn[k][c];
                }
              }
              for (int c = 0; c < factors; c++) {
                rows[row * factors + c] = (float) turned[c];
              }
            }
          };
        });
    double[] eigenvalues = new double[factors];
    for (int k = 0; k < factors; k++) {
      eigenvalues[k] = Math.max(0, full[k][k]);
    }
    return eigenvalues;
  }

  /**
   * Jacobi's method: turns a symmetric matrix, which becomes diagonal, pair by pair.
   *
   * @return the eigenvectors as columns
   */
  static double[][] eigenvectors(double[][] a) {
    int size = a.length;
    double[][] vectors = new double[size][size];
    for (int k = 0; k < size; k++) {
      vectors[k][k] = 1;
    }
    for (int sweep = 0; sweep < 30; sweep++) {
      double off = 0;
      double on = 0;
      for (int p = 0; p < size; p++) {
        on += a[p][p] * a[p][p];
        for (int q = p + 1; q < size; q++) {
          off += a[p][q] * a[p][q];
        }
      }
      if (off <= 1e-22 * on) {
        break;
      }
      for (int p = 0; p < size; p++) {
        for (int q = p + 1; q < size; q++) {
          if (a[p][q] != 0) {
            turn(a, vectors, p, q);
          }
        }
      }
    }
    return vectors;
  }

  private static void turn(double[][] a, double[][] vectors, int p, int q) {
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double cosine = 1 / Math.sqrt(tangent * tangent + 1);
    double sine = tangent * cosine;
    int size = a.length;
    for (int k = 0; k < size; k++) {
      double kp = a[k][p];
      double kq = a[k][q];
      a[k][p] = cosine * kp - sine * kq;
      a[k][q] = sine * kp + cosine * kq;
    }
    for (int k = 0; k < size; k++) {
      double pk = a[p][k];
      double qk = a[q][k];
      a[p][k] = cosine * pk - sine * qk;
      a[q][k] = sine * pk + cosine * qk;
      double vp = vectors[k][p];
      double vq = vectors[k][q];
      vectors[k][p] = cosine * vp - sine * vq;
      vectors[k][q] = sine * vp + cosine * vq;
    }
    a[p][q] = 0;
    a[q][p] = 0;
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
    int[] among = mostUsed(usersOfItem, options.factorItemLimit());
    // With kernel = U'U the comparison is the dot product of z = U'^-1 y; kept factor by factor.
    float[][] compared = new float[(factors + 7) / 8 * 8][among.length];
    double[] z = new double[factors];
    for (int i = 0; i < among.length; i++) {
      for (int r = 0; r < factors; r++) {
        z[r] = itemFactors[among[i] * factors + r];
      }
      forward(kernel, z, factors);
      for (int r = 0; r < factors; r++) {
        compared[r][i] = (float) z[r];
      }
    }
    SimilarityTable.Rows rows = new SimilarityTable.Rows(count);
    int[] asked =
        IntStream.range(0, among.length)
            .filter(i -> usersOfItem[among[i]] > 0 && (wanted == null || wanted[among[i]]))
            .toArray();
    workers.each(
        "comparing items by their factors",
        (asked.length + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE,
        () -> {
          float[][] dense = new float[ROWS_AT_ONCE][among.length];
          return batch -> {
            int first = batch * ROWS_AT_ONCE;
            int size = Math.min(ROWS_AT_ONCE, asked.length - first);
            // A tile of all factors stays in the cache while the rows of the batch pass over it.
            for (int from = 0; from < among.length; from += TILE) {
              int to = Math.min(among.length, from + TILE);
              for (int b = 0; b < size; b++) {
                Arrays.fill(dense[b], from, to, 0);
                for (int k = 0; k < compared.length; k += 8) {
                  addRows(dense[b], compared, k, asked[first + b], from, to);
                }
              }
            }
            for (int b = 0; b < size; b++) {
              dense[b][asked[first + b]] = 0;
              rows.put(among[asked[first + b]], among, dense[b], options.neighbours());
            }
          };
        });
    return rows;
  }

  /** Items that most users turned to, of equal ones the first, ascending. */
  static int[] mostUsed(int[] usersOfItem, int limit) {
    int[] all = IntStream.range(0, usersOfItem.length).toArray();
    if (all.length <= limit) {
      return all;
    }
    return Arrays.stream(all)
        .boxed()
        .sorted(Comparator.comparingInt((Integer i) -> -usersOfItem[i]))
        .limit(limit)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
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

  private static void addRows(float[] dense, float[][] columns, int k, int row, int from, int to) {
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
    for (int j = from; j < to; j++) {
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

  /**
   * Solves for one user or item. With D the eigenvalues plus regularisation, Y the rows of the n
   * interactions and C their confidences, the equations {@code (D + Y'CY) x = Y'(1 + c)} have, by
   * the identity of Woodbury, the solution {@code x = D^-1 Y' b} with {@code (C^-1 + Y D^-1 Y') b =
   * (1 + c) / c}: n unknowns. From as many interactions as factors on, the equations are solved as
   * they are.
   */
  private final class Solver {
    private final double[] eigenvalues;
    private final float[] rows;
    private final double[] diagonal = new double[factors];
    private final double[] root = new double[factors];
    private final double[] matrix = new double[factors * factors];
    private final double[] inverseConfidence = new double[factors];
    private final double[] right = new double[factors];
    private final double[] scaled = new double[factors * factors];
    private final int[] added = new int[factors];
    private boolean few;
    private int count;

    Solver(double[] eigenvalues, float[] rows) {
      this.eigenvalues = eigenvalues;
      this.rows = rows;
    }

    void begin(int interactions) {
      count = 0;
      few = interactions < factors;
      double regularisation = options.factorRegularisation() * Math.sqrt(interactions);
      for (int r = 0; r < factors; r++) {
        diagonal[r] = eigenvalues[r] + regularisation;
        root[r] = Math.sqrt(diagonal[r]);
      }
      if (!few) {
        Arrays.fill(matrix, 0);
        for (int r = 0; r < factors; r++) {
          matrix[r * factors + r] = diagonal[r];
        }
      }
      Arrays.fill(right, 0);
    }

    void add(int row, float strength) {
      double confidence = options.factorConfidence() * strength;
      int from = row * factors;
      if (few) {
        added[count] = row;
        right[count] = (1 + confidence) / confidence;
        int base = count * factors;
        for (int r = 0; r < factors; r++) {
          scaled[base + r] = rows[from + r] / root[r];
        }
        inverseConfidence[count] = 1 / confidence;
        count++;
      } else {
        addProduct(matrix, rows, from, confidence);
        for (int r = 0; r < factors; r++) {
          right[r] += (1 + confidence) * rows[from + r];
        }
      }
    }

    void solveInto(float[] solved, int row) {
      int from = row * factors;
      if (!few) {
        decompose(matrix, factors);
        forward(matrix, right, factors);
        backward(matrix, right, factors);
        for (int r = 0; r < factors; r++) {
          solved[from + r] = (float) right[r];
        }
        return;
      }
      Arrays.fill(solved, from, from + factors, 0);
      if (count == 0) {
        return;
      }
      // The system of n unknowns is packed into the beginning of the other, row by row.
      for (int a = 0; a < count; a++) {
        for (int b = a; b < count; b++) {
          matrix[a * count + b] =
              product(a * factors, b * factors) + (a == b ? inverseConfidence[a] : 0);
        }
      }
      decompose(matrix, count);
      forward(matrix, right, count);
      backward(matrix, right, count);
      for (int a = 0; a < count; a++) {
        int source = added[a] * factors;
        for (int r = 0; r < factors; r++) {
          solved[from + r] += (float) (right[a] * rows[source + r] / diagonal[r]);
        }
      }
    }

    private double product(int a, int b) {
      double even = 0;
      double odd = 0;
      int r = 0;
      for (; r + 2 <= factors; r += 2) {
        even += scaled[a + r] * scaled[b + r];
        odd += scaled[a + r + 1] * scaled[b + r + 1];
      }
      return r < factors ? even + odd + scaled[a + r] * scaled[b + r] : even + odd;
    }
  }
}
