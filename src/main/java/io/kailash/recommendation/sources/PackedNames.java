package io.kailash.recommendation.sources;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Names one after the other in a single array: each as its length in UTF-8, in groups of seven bits
 * with the lowest first, and its bytes. A name of eight letters takes nine bytes here and fifty as
 * an object.
 */
final class PackedNames {
  private final byte[] packed;

  private PackedNames(byte[] packed) {
    this.packed = packed;
  }

  static PackedNames of(Collection<String> names) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * names.size());
    for (String name : names) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      int left = bytes.length;
      for (; left >= 0x80; left >>>= 7) {
        out.write(left | 0x80);
      }
      out.write(left);
      out.writeBytes(bytes);
    }
    return new PackedNames(out.toByteArray());
  }

  int bytes() {
    return packed.length;
  }

  Reading reading() {
    return new Reading();
  }

  /** Reads them in their order; whoever reads knows how many there are. */
  final class Reading {
    private int at;

    String next() {
      int length = 0;
      int shift = 0;
      byte group;
      do {
        group = packed[at++];
        length |= (group & 0x7f) << shift;
        shift += 7;
      } while (group < 0);
      at += length;
      return new String(packed, at - length, length, StandardCharsets.UTF_8);
    }
  }
}
