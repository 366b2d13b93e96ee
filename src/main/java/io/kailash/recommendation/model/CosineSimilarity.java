package io.kailash.recommendation.model;

import java.util.Arrays;

/**
 * Item-kNN: {@code s(i, j) = g(i, j) / (sqrt(n(i) n(j)) + shrinkage)}, with n the squared length of
 * an item's column and g the co-occurrence of the two, in which what a user did in one session
 * counts more ({@link #kernel}). Only pairs that occur together cost anything.
 */
final class CosineSimilarity {

  /** Beyond this many sessions apart the exponential is nothing. */
  private static final double FAR = 20;

  private CosineSimilarity() {}

  /**
   * How much two interactions of one user count together: {@code (1 - share) + share exp(-distance
   * / session)}.
   */
  static float kernel(long a, long b, double sessionMillis, double share) {
    double distance = Math.abs((double) a - (double) b) / sessionMillis;
    return (float) (1 - share + (distance > FAR ? 0 : share * Math.exp(-distance)));
  }

  /**
   * Compares.
   *
   * @param table who turned to what
   * @param wanted which rows are to be made; null for all
   * @param plain leaves sessions out
   */
  static SimilarityTable.Rows of(
      InteractionTable table,
      boolean[] wanted,
      boolean plain,
      RecommenderOptions options,
      Workers workers) {
    int count = table.items.length;
    double session = options.session().toMillis();
    double share = plain ? 0 : options.sessionShare();
    float[] length = new float[count];
    for (int e = 0; e < table.item.length; e++) {
      length[table.item[e]] += table.strength[e];
    }
    for (int i = 0; i < count; i++) {
      length[i] = (float) Math.sqrt(length[i]);
    }
    float[] root = new float[table.strength.length];
    for (int e = 0; e < root.length; e++) {
      root[e] = (float) Math.sqrt(table.strength[e]);
    }
    InteractionTable.Columns columns = table.columns();
    SimilarityTable.Rows rows = new SimilarityTable.Rows(count);
    workers.each(
        "comparing items by their users",
        count,
        () -> {
          float[] dense = new float[count];
          int[] found = new int[count];
          return row -> {
            if (wanted != null && !wanted[row]) {
              return;
            }
            int size = 0;
            for (int k = columns.starts()[row]; k < columns.starts()[row + 1]; k++) {
              int own = columns.entry()[k];
              int user = columns.user()[k];
              // Of a very long history only the neighbourhood in time can be afforded.
              int from = Math.max(table.starts[user], own - options.pairsPerUser() / 2);
              int to = Math.min(table.starts[user + 1], own + options.pairsPerUser() / 2 + 1);
              for (int e = from; e < to; e++) {
                int other = table.item[e];
                if (e != own) {
                  if (dense[other] == 0) {
                    found[size++] = other;
                  }
                  dense[other] +=
                      root[own]
                          * root[e]
                          * (share == 0 ? 1 : kernel(table.at[own], table.at[e], session, share));
                }
              }
            }
            Arrays.sort(found, 0, size);
            for (int k = 0; k < size; k++) {
              dense[found[k]] /= length[row] * length[found[k]] + (float) options.shrinkage();
            }
            rows.put(row, found, size, dense, options.neighbours());
            for (int k = 0; k < size; k++) {
              dense[found[k]] = 0;
            }
          };
        });
    return rows;
  }
}
