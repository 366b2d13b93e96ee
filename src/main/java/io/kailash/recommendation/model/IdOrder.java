package io.kailash.recommendation.model;

import java.util.Comparator;

/** Numbers by their value and before any text; text by its characters. */
final class IdOrder implements Comparator<String> {

  @Override
  public int compare(String a, String b) {
    boolean aNumber = isNumber(a);
    if (aNumber != isNumber(b)) {
      return aNumber ? -1 : 1;
    }
    return aNumber && a.length() != b.length()
        ? Integer.compare(a.length(), b.length())
        : a.compareTo(b);
  }

  /** Without leading zeros, so that the longer one is the greater. */
  private static boolean isNumber(String id) {
    if (id.isEmpty() || (id.charAt(0) == '0' && id.length() > 1)) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) < '0' || id.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
