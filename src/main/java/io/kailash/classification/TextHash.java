package io.kailash.classification;

import java.util.Locale;

/**
 * A 64-bit FNV-1a hash (Fowler, Noll, Vo) of texts, the same for those that differ only in case and
 * white space around.
 */
final class TextHash {
  private static final long BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private TextHash() {}

  /** Of one text. */
  static long of(String text) {
    return add(BASIS, text);
  }

  /** Of several, in their order; null is an empty one. */
  static long ofAll(String... texts) {
    long hash = BASIS;
    for (String text : texts) {
      hash = (add(hash, text == null ? "" : text) ^ 0xffff) * PRIME;
    }
    return hash;
  }

  private static long add(long start, String text) {
    String normal = text.strip().toLowerCase(Locale.ROOT);
    long hash = start;
    for (int i = 0; i < normal.length(); i++) {
      hash = (hash ^ normal.charAt(i)) * PRIME;
    }
    return hash;
  }
}
