package io.kailash.projection;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Tells a difference from a change that is under way: what differs is looked at again until it no
 * longer does, or has not moved for a while.
 */
final class SecondLook {
  private static final int LOOKS = 8;
  private static final int UNMOVED_LOOKS = 4;
  private static final long PAUSE_MILLIS = 250;

  private SecondLook() {}

  /** What should be there and what is; null for nothing. */
  record Pair(String should, String is) {
    boolean same() {
      return Objects.equals(should, is);
    }
  }

  /** Puts both sides together, by key. */
  static Map<String, Pair> pairs(Map<String, String> should, Map<String, String> is) {
    Map<String, Pair> pairs = new TreeMap<>();
    should.forEach((key, text) -> pairs.put(key, new Pair(text, is.get(key))));
    is.forEach((key, text) -> pairs.computeIfAbsent(key, absent -> new Pair(null, text)));
    return pairs;
  }

  /**
   * Looks again at what differs in {@code pairs}, and replaces it by what is seen.
   *
   * @param look at some keys; one that is on neither side is left out of its answer
   */
  static void at(Map<String, Pair> pairs, Function<Collection<String>, Map<String, Pair>> look) {
    int unmoved = 0;
    for (int looks = 0; looks < LOOKS && unmoved < UNMOVED_LOOKS; looks++) {
      List<String> differing =
          pairs.entrySet().stream()
              .filter(entry -> !entry.getValue().same())
              .map(Map.Entry::getKey)
              .toList();
      if (differing.isEmpty()) {
        return;
      }
      pause();
      Map<String, Pair> seen = look.apply(differing);
      boolean moved = false;
      for (String key : differing) {
        Pair now = seen.getOrDefault(key, new Pair(null, null));
        moved |= !now.equals(pairs.put(key, now));
      }
      unmoved = moved ? 0 : unmoved + 1;
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new TargetDownException("the service stops", stopping);
    }
  }
}
