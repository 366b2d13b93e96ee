package io.kailash.projection;

import io.kailash.platform.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Makes a {@link Comparison} of pairs that come in one order. Remembers only what differs. */
final class Tally {
  private final String part;
  private final MessageDigest expectedDigest = Sha256.digest();
  private final MessageDigest foundDigest = Sha256.digest();
  private final Map<String, Comparison.Difference> differing = new LinkedHashMap<>();
  private final int wanted;
  private long expected;
  private long found;
  private long differences;

  Tally(String part, int wanted) {
    this.part = part;
    this.wanted = wanted;
  }

  /**
   * Adds one thing; null stands for missing.
   *
   * @return whether both are the same
   */
  boolean add(String key, String should, String is) {
    if (should != null) {
      expected++;
      digest(expectedDigest, key, should);
    }
    if (is != null) {
      found++;
      digest(foundDigest, key, is);
    }
    boolean same = Objects.equals(should, is);
    if (!same) {
      differences++;
      if (differing.size() < wanted) {
        differing.put(key, new Comparison.Difference(key, should, is));
      }
    }
    return same;
  }

  void add(String key, SecondLook.Pair pair) {
    add(key, pair.should(), pair.is());
  }

  Comparison result() {
    return new Comparison(
        part,
        expected,
        found,
        HexFormat.of().formatHex(expectedDigest.digest()),
        HexFormat.of().formatHex(foundDigest.digest()),
        differences,
        differing.values().stream().toList());
  }

  private static void digest(MessageDigest digest, String key, String text) {
    digest.update(key.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
