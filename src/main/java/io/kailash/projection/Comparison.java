package io.kailash.projection;

import java.util.List;

/**
 * One part of a target beside what the tables say it should be.
 *
 * @param part for example {@code items}
 * @param expected how many there should be
 * @param found how many there are
 * @param expectedDigest SHA-256 over what should be there, in one order, in hexadecimal
 * @param foundDigest the same over what is there; equal exactly where all is
 * @param differing how many differ, are missing or are too many
 * @param differences the first of them
 */
record Comparison(
    String part,
    long expected,
    long found,
    String expectedDigest,
    String foundDigest,
    long differing,
    List<Difference> differences) {

  /**
   * One thing that is not as it should be.
   *
   * @param expected what the tables say; null where it should not be there
   * @param found what the target says; null where it is missing
   */
  record Difference(String key, String expected, String found) {}

  boolean same() {
    return differing == 0;
  }
}
