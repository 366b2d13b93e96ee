package io.kailash.recommendation.model;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Sums of rows of similar items, in a table that grows with the rows and not with the number of
 * items. For one answer; not for several threads.
 */
final class RowScores {

  private int mask;
  private int size;

  /** Item + 1; 0 for a free place. */
  private int[] keys;

  private float[] sums;
  private float[] most;
  private int[] reasons;

  RowScores(int expected) {
    int places = Integer.highestOneBit(Math.max(32, Math.min(expected, 1 << 28))) * 4;
    allocate(places);
  }

  private void allocate(int places) {
    mask = places - 1;
    keys = new int[places];
    sums = new float[places];
    most = new float[places];
    reasons = new int[places];
  }

  /** Adds to an item what another one of the history contributes. */
  void add(int item, float contribution, int reason) {
    int place = place(item);
    if (keys[place] == 0) {
      if (size * 4L > keys.length * 3L) {
        grow();
        place = place(item);
      }
      keys[place] = item + 1;
      size++;
    }
    sums[place] += contribution;
    if (contribution > most[place]) {
      most[place] = contribution;
      reasons[place] = reason;
    }
  }

  private int place(int item) {
    int place = (item * 0x9E3779B9 >>> 7) & mask;
    while (keys[place] != 0 && keys[place] != item + 1) {
      place = place + 1 & mask;
    }
    return place;
  }

  private void grow() {
    int[] oldKeys = keys;
    float[] oldSums = sums;
    float[] oldMost = most;
    int[] oldReasons = reasons;
    allocate(Math.multiplyExact(oldKeys.length, 2));
    for (int k = 0; k < oldKeys.length; k++) {
      if (oldKeys[k] != 0) {
        int place = place(oldKeys[k] - 1);
        keys[place] = oldKeys[k];
        sums[place] = oldSums[k];
        most[place] = oldMost[k];
        reasons[place] = oldReasons[k];
      }
    }
  }

  float score(int item) {
    return sums[place(item)];
  }

  /** What contributed most to an item that is in the table. */
  int reason(int item) {
    return reasons[place(item)];
  }

  /** Items of positive score, best first, of equal ones the first. */
  int[] top(IntPredicate excluded, int limit) {
    long[] found = new long[size];
    int count = 0;
    for (int k = 0; k < keys.length; k++) {
      if (keys[k] != 0 && sums[k] > 0 && !excluded.test(keys[k] - 1)) {
        // Bits of positive numbers are in their order; the complement puts the first item on top.
        found[count++] =
            (long) Float.floatToIntBits(sums[k]) << 32 | (Integer.MAX_VALUE - (keys[k] - 1));
      }
    }
    return best(found, count, limit);
  }

  /** Unpacks the highest of packed scores. */
  private static int[] best(long[] found, int count, int limit) {
    int kept = Math.min(limit, count);
    if (kept <= 0) {
      return new int[0];
    }
    long[] heap = Arrays.copyOf(found, kept);
    Arrays.sort(heap);
    for (int k = kept; k < count; k++) {
      if (found[k] > heap[0]) {
        int at = 0;
        for (int child = 1; child < kept; child = 2 * at + 1) {
          if (child + 1 < kept && heap[child + 1] < heap[child]) {
            child++;
          }
          if (heap[child] >= found[k]) {
            break;
          }
          heap[at] = heap[child];
          at = child;
        }
        heap[at] = found[k];
      }
    }
    Arrays.sort(heap);
    int[] items = new int[kept];
    for (int k = 0; k < kept; k++) {
      items[k] = Integer.MAX_VALUE - (int) heap[kept - 1 - k];
    }
    return items;
  }
}
