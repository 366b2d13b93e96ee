package io.kailash.transfer.uploads;

/**
 * The keys of the rows behind, as 64-bit hashes, so that a repetition is noticed in constant memory
 * a row. Beyond a set number the oldest are forgotten.
 *
 * <p>Two keys have the same hash with probability n²/2^65 among n keys: 2 in a million for eight
 * million rows. The row would be refused by name, never lost silently.
 */
final class KnownKeys {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final int FIRST_SIZE = 1 << 12;

  private final int most;
  private long[] older = new long[0];
  private long[] hashes = new long[FIRST_SIZE];
  private int size;

  /** Remembers at least {@code most / 2} keys and at most {@code most}. */
  KnownKeys(int most) {
    this.most = most;
  }

  /** Remembers a key; false where it is known already. */
  boolean add(String key) {
    long hash = hash(key);
    if (older.length > 0 && older[slot(older, hash)] == hash) {
      return false;
    }
    int slot = slot(hashes, hash);
    if (hashes[slot] == hash) {
      return false;
    }
    if (size >= Math.max(1, most / 2)) {
      older = hashes;
      hashes = new long[FIRST_SIZE];
      size = 0;
      slot = slot(hashes, hash);
    } else if (size * 3L >= hashes.length * 2L) {
      grow();
      slot = slot(hashes, hash);
    }
    hashes[slot] = hash;
    size++;
    return true;
  }

  private void grow() {
    long[] larger = new long[hashes.length * 2];
    for (long hash : hashes) {
      if (hash != 0) {
        larger[slot(larger, hash)] = hash;
      }
    }
    hashes = larger;
  }

  /** Where a hash is, or would be. */
  private static int slot(long[] table, long hash) {
    int mask = table.length - 1;
    int slot = (int) (hash ^ (hash >>> 32)) & mask;
    while (table[slot] != 0 && table[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** FNV-1a over the characters, mixed as by MurmurHash3's finaliser; never 0. */
  private static long hash(String key) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * FNV_PRIME;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    return hash == 0 ? 1 : hash;
  }
}
