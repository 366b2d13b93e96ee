package io.kailash.classification.model;

/**
 * Open-addressing table from a 48-bit hash to a number below {@value #MOST}. Hash and number of a
 * place are in one word, so that looking up costs one fetch from memory: 40 bits of the hash, above
 * them 24 bits of the number plus one. At most two fifths are full, as most features of a new item
 * may be unknown, and that is certain only at an empty place. The 8 bits that are left out are told
 * by the place, but for neighbours: two hashes that differ in nothing else may be taken for each
 * other.
 */
final class LongTable {
  static final int MOST = (1 << 24) - 1;

  private static final int LEFT_OUT = 8;
  private static final int NUMBER_SHIFT = 40;
  private static final long HASH_BITS = (1L << NUMBER_SHIFT) - 1;

  private long[] slots;
  private int mask;
  private int size;

  LongTable(int expected) {
    int capacity = 16;
    while (capacity * 2L / 5 < expected) {
      capacity <<= 1;
    }
    slots = new long[capacity];
    mask = capacity - 1;
  }

  /** The number of a hash, or -1. */
  int get(long hash) {
    return getFrom(slot(hash), hash);
  }

  private int getFrom(int first, long hash) {
    int slot = first;
    while (true) {
      long found = slots[slot];
      if (found == 0) {
        return -1;
      }
      if ((found & HASH_BITS) == hash >>> LEFT_OUT) {
        return number(found);
      }
      slot = (slot + 1) & mask;
    }
  }

  private static int number(long entry) {
    return (int) (entry >>> NUMBER_SHIFT) - 1;
  }

  /**
   * The numbers of many hashes, or -1. Looks at the first place of each before anything else, so
   * that a processor fetches them side by side.
   *
   * @param work as long as {@code many} at least
   */
  void getAll(long[] many, int count, long[] work, int[] found) {
    for (int i = 0; i < count; i++) {
      work[i] = slots[slot(many[i])];
    }
    for (int i = 0; i < count; i++) {
      if (work[i] == 0) {
        found[i] = -1;
      } else if ((work[i] & HASH_BITS) == many[i] >>> LEFT_OUT) {
        found[i] = number(work[i]);
      } else {
        found[i] = getFrom(slot(many[i]) + 1 & mask, many[i]);
      }
    }
  }

  /** Sets the number of a hash that has none yet. */
  void putIfAbsent(long hash, int number) {
    if (number < 0 || number >= MOST) {
      throw new IllegalArgumentException("a number is from 0 to " + (MOST - 1) + ", not " + number);
    }
    int slot = slot(hash);
    while (slots[slot] != 0) {
      if ((slots[slot] & HASH_BITS) == hash >>> LEFT_OUT) {
        return;
      }
      slot = (slot + 1) & mask;
    }
    if (++size > slots.length * 2L / 5) {
      throw new IllegalStateException("more than the " + (size - 1) + " that were expected");
    }
    slots[slot] = (number + 1L) << NUMBER_SHIFT | hash >>> LEFT_OUT;
  }

  private int slot(long hash) {
    // The hashes are well mixed already.
    return (int) (hash ^ (hash >>> 24)) & mask;
  }
}
