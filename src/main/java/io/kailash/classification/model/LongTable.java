package io.kailash.classification.model;

import java.util.Arrays;

/**
 * Open-addressing table from a 48-bit hash to a small number. Grows when three fifths full. Keys
 * are stored plus one.
 */
final class LongTable {

  private long[] keys;
  private int[] values;
  private int mask;
  private int size;

  LongTable(int expected) {
    int capacity = 16;
    while (capacity * 3L / 5 < expected) {
      capacity <<= 1;
    }
    keys = new long[capacity];
    values = new int[capacity];
    mask = capacity - 1;
  }

  int size() {
    return size;
  }

  /** The value of a key, or -1. */
  int get(long key) {
    long stored = key + 1;
    int slot = slot(key);
    while (true) {
      long found = keys[slot];
      if (found == stored) {
        return values[slot];
      }
      if (found == 0) {
        return -1;
      }
      slot = (slot + 1) & mask;
    }
  }

  /**
   * The values of many keys, or -1. Looks at the first place of each before anything else, so that
   * a processor fetches them side by side.
   *
   * @param work as long as {@code many} at least
   */
  void getAll(long[] many, int count, long[] work, int[] found) {
    for (int i = 0; i < count; i++) {
      work[i] = keys[slot(many[i])];
    }
    for (int i = 0; i < count; i++) {
      long stored = many[i] + 1;
      if (work[i] == 0) {
        found[i] = -1;
      } else if (work[i] == stored) {
        found[i] = values[slot(many[i])];
      } else {
        found[i] = get(many[i]);
      }
    }
  }

  /** The value of a key; a new key gets {@code value}, which is then returned. */
  int putIfAbsent(long key, int value) {
    long stored = key + 1;
    int slot = slot(key);
    while (keys[slot] != 0) {
      if (keys[slot] == stored) {
        return values[slot];
      }
      slot = (slot + 1) & mask;
    }
    keys[slot] = stored;
    values[slot] = value;
    size++;
    if (size > keys.length * 3L / 5) {
      grow();
    }
    return value;
  }

  private int slot(long key) {
    // The hashes are well mixed already.
    return (int) (key ^ (key >>> 24)) & mask;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[oldKeys.length * 2];
    mask = keys.length - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i] - 1);
        while (keys[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }

  /** All keys, ascending. */
  long[] sortedKeys() {
    long[] all = new long[size];
    int n = 0;
    for (long key : keys) {
      if (key != 0) {
        all[n++] = key - 1;
      }
    }
    Arrays.sort(all);
    return all;
  }
}
