package io.kailash.classification.model;

import java.util.Arrays;

/**
 * Counts in how many items each feature occurs. Memory is bounded: when the table is full, features
 * seen in one item only so far are forgotten (lossy counting, Manku, Motwani 2002), which can lose
 * a rare feature but never a frequent one.
 */
final class FeatureCounts {

  private static final int KIND_SHIFT = 48;

  private final int limit;
  private long[] keys = new long[1 << 16];
  private int[] counts = new int[1 << 16];
  private int[] lastItem = new int[1 << 16];
  private int mask = keys.length - 1;
  private int size;
  private int items;
  private boolean forgetful;

  FeatureCounts(int limit) {
    this.limit = limit;
  }

  void add(FeatureReader reader) {
    items++;
    long[] hashes = reader.hashes();
    byte[] kinds = reader.kinds();
    for (int i = 0, n = reader.count(); i < n; i++) {
      long key = (hashes[i] | (long) kinds[i] << KIND_SHIFT) + 1;
      int slot = slot(key);
      while (keys[slot] != key && keys[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      if (keys[slot] == 0) {
        keys[slot] = key;
        counts[slot] = 1;
        lastItem[slot] = items;
        if (++size > keys.length / 5 * 3) {
          makeRoom();
        }
      } else if (lastItem[slot] != items) {
        lastItem[slot] = items;
        counts[slot]++;
      }
    }
  }

  private int slot(long key) {
    return (int) (key ^ (key >>> 24)) & mask;
  }

  private void makeRoom() {
    int least = 1;
    int capacity = keys.length;
    if (size > limit) {
      least = 2;
      forgetful = true;
    } else {
      capacity *= 2;
    }
    long[] oldKeys = keys;
    int[] oldCounts = counts;
    int[] oldLast = lastItem;
    do {
      keys = new long[capacity];
      counts = new int[capacity];
      lastItem = new int[capacity];
      mask = capacity - 1;
      size = 0;
      for (int i = 0; i < oldKeys.length; i++) {
        // What the present item brought stays, or its repeats would be counted twice.
        if (oldKeys[i] != 0 && (oldCounts[i] >= least || oldLast[i] == items)) {
          int slot = slot(oldKeys[i]);
          while (keys[slot] != 0) {
            slot = (slot + 1) & mask;
          }
          keys[slot] = oldKeys[i];
          counts[slot] = oldCounts[i];
          lastItem[slot] = oldLast[i];
          size++;
        }
      }
      least++;
    } while (size > capacity / 2);
  }

  int items() {
    return items;
  }

  /**
   * The features to keep: those in at least {@code leastItems} items, the most frequent ones if
   * they are too many.
   *
   * @return kind in the bits from 48, hash below, ascending
   */
  Vocabulary vocabulary(int leastItems, int most) {
    int least = forgetful ? Math.max(2, leastItems) : leastItems;
    while (true) {
      int n = 0;
      for (int i = 0; i < keys.length; i++) {
        if (keys[i] != 0 && counts[i] >= least) {
          n++;
        }
      }
      if (n <= most) {
        return take(least, n);
      }
      least++;
    }
  }

  private Vocabulary take(int least, int n) {
    long[] kept = new long[n];
    int at = 0;
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0 && counts[i] >= least) {
        kept[at++] = keys[i] - 1;
      }
    }
    Arrays.sort(kept);
    int[] keptCounts = new int[n];
    for (int i = 0; i < n; i++) {
      long key = kept[i] + 1;
      int slot = slot(key);
      while (keys[slot] != key) {
        slot = (slot + 1) & mask;
      }
      keptCounts[i] = counts[slot];
    }
    return new Vocabulary(items, kept, keptCounts);
  }
}
