package io.kailash.recommendation.model;

import java.util.Arrays;

/**
 * For each item those that are most similar to it: rows of {@code (item, score)}, items ascending,
 * scores as 16 bits of the row's highest.
 */
final class SimilarityTable {

  private static final float STEPS = 65_535f;

  /** First entry of each row, and the number of entries after the last. */
  final int[] starts;

  /** Item of each entry. */
  final int[] items;

  /** Score of each entry in parts of {@link #scales}. */
  final char[] scores;

  /** Highest score of each row; 0 for an empty one. */
  final float[] scales;

  SimilarityTable(int[] starts, int[] items, char[] scores, float[] scales) {
    this.starts = starts;
    this.items = items;
    this.scores = scores;
    this.scales = scales;
  }

  static SimilarityTable of(Rows rows) {
    int count = rows.items.length;
    int[] starts = new int[count + 1];
    for (int row = 0; row < count; row++) {
      int size = rows.items[row] == null ? 0 : rows.items[row].length;
      starts[row + 1] = Math.addExact(starts[row], size);
    }
    int[] items = new int[starts[count]];
    char[] scores = new char[items.length];
    float[] scales = new float[count];
    for (int row = 0; row < count; row++) {
      if (starts[row] == starts[row + 1]) {
        continue;
      }
      System.arraycopy(rows.items[row], 0, items, starts[row], rows.items[row].length);
      for (float score : rows.scores[row]) {
        scales[row] = Math.max(scales[row], score);
      }
      for (int k = 0; k < rows.scores[row].length; k++) {
        scores[starts[row] + k] =
            (char) Math.max(1, Math.round(rows.scores[row][k] / scales[row] * STEPS));
      }
    }
    return new SimilarityTable(starts, items, scores, scales);
  }

  int size() {
    return scales.length;
  }

  float score(int row, int entry) {
    return scores[entry] / STEPS * scales[row];
  }

  /** Rows as they are made, each by one thread. */
  static final class Rows {
    final int[][] items;
    final float[][] scores;

    Rows(int count) {
      items = new int[count][];
      scores = new float[count][];
    }

    /** Keeps the highest of the positive scores; of equal ones those of the first items. */
    void put(int row, float[] dense, int limit) {
      int positive = 0;
      for (float score : dense) {
        positive += score > 0 ? 1 : 0;
      }
      int[] found = new int[positive];
      int at = 0;
      for (int i = 0; i < dense.length; i++) {
        if (dense[i] > 0) {
          found[at++] = i;
        }
      }
      put(row, found, positive, dense, limit);
    }

    /** The same, where {@code dense} has the scores of {@code those}, ascending, only. */
    void put(int row, int[] those, float[] dense, int limit) {
      put(row, dense, limit);
      for (int k = 0; k < items[row].length; k++) {
        items[row][k] = those[items[row][k]];
      }
    }

    /** The same, where all positive scores are known to be among {@code candidates}, ascending. */
    void put(int row, int[] candidates, int count, float[] dense, int limit) {
      float threshold = 0;
      int aboveLimit = limit;
      if (count > limit) {
        threshold = highest(candidates, count, dense, limit);
        int above = 0;
        for (int k = 0; k < count; k++) {
          above += dense[candidates[k]] > threshold ? 1 : 0;
        }
        aboveLimit = limit - above;
      }
      int[] keptItems = new int[Math.min(count, limit)];
      float[] keptScores = new float[keptItems.length];
      int kept = 0;
      for (int k = 0; k < count && kept < keptItems.length; k++) {
        float score = dense[candidates[k]];
        boolean keep = score > threshold || (score == threshold && score > 0 && aboveLimit-- > 0);
        if (keep) {
          keptItems[kept] = candidates[k];
          keptScores[kept++] = score;
        }
      }
      items[row] = kept == keptItems.length ? keptItems : Arrays.copyOf(keptItems, kept);
      scores[row] = kept == keptScores.length ? keptScores : Arrays.copyOf(keptScores, kept);
    }

    /**
     * Cuts the longest rows to one length, so that there are at most {@code most} entries in all of
     * them; each keeps its highest scores, and at least one.
     */
    void cut(int most) {
      int longest = 0;
      for (int[] row : items) {
        longest = Math.max(longest, row == null ? 0 : row.length);
      }
      int[] rowsOfLength = new int[longest + 1];
      for (int[] row : items) {
        rowsOfLength[row == null ? 0 : row.length]++;
      }
      long entries = 0;
      int longer = items.length - rowsOfLength[0];
      int length = 0;
      while (length < longest && entries + longer <= most) {
        length++;
        entries += longer;
        longer -= rowsOfLength[length];
      }
      for (int row = 0; row < items.length; row++) {
        if (items[row] != null && items[row].length > Math.max(1, length)) {
          keepHighest(row, Math.max(1, length));
        }
      }
    }

    private void keepHighest(int row, int limit) {
      float[] sorted = scores[row].clone();
      Arrays.sort(sorted);
      float threshold = sorted[sorted.length - limit];
      int equal = limit;
      for (int k = sorted.length - 1; sorted[k] > threshold; k--) {
        equal--;
      }
      int[] keptItems = new int[limit];
      float[] keptScores = new float[limit];
      int kept = 0;
      for (int k = 0; kept < limit; k++) {
        float score = scores[row][k];
        if (score > threshold || score == threshold && equal-- > 0) {
          keptItems[kept] = items[row][k];
          keptScores[kept++] = score;
        }
      }
      items[row] = keptItems;
      scores[row] = keptScores;
    }

    /** The lowest of the {@code limit} highest scores, by a heap of so many. */
    private static float highest(int[] candidates, int count, float[] dense, int limit) {
      float[] heap = new float[limit];
      for (int k = 0; k < limit; k++) {
        heap[k] = dense[candidates[k]];
      }
      Arrays.sort(heap);
      for (int k = limit; k < count; k++) {
        float score = dense[candidates[k]];
        if (score > heap[0]) {
          int at = 0;
          for (int child = 1; child < limit; child = 2 * at + 1) {
            if (child + 1 < limit && heap[child + 1] < heap[child]) {
              child++;
            }
            if (heap[child] >= score) {
              break;
            }
            heap[at] = heap[child];
            at = child;
          }
          heap[at] = score;
        }
      }
      return heap[0];
    }

    /** The weighted sum of several, each with at most {@code limit} in a row. */
    static Rows merged(Rows[] parts, double[] weights, int limit, Workers workers) {
      int count = parts[0].items.length;
      Rows merged = new Rows(count);
      workers.each(
          "merging similarities",
          count,
          () -> {
            float[] dense = new float[count];
            int[] found = new int[count];
            return row -> {
              int size = 0;
              for (int p = 0; p < parts.length; p++) {
                if (weights[p] > 0 && parts[p].items[row] != null) {
                  for (int k = 0; k < parts[p].items[row].length; k++) {
                    int i = parts[p].items[row][k];
                    if (dense[i] == 0) {
                      found[size++] = i;
                    }
                    dense[i] += (float) (weights[p] * parts[p].scores[row][k]);
                  }
                }
              }
              Arrays.sort(found, 0, size);
              merged.put(row, found, size, dense, limit);
              for (int k = 0; k < size; k++) {
                dense[found[k]] = 0;
              }
            };
          });
      return merged;
    }
  }
}
