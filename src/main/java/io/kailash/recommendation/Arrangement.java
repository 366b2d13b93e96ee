package io.kailash.recommendation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * Puts candidates into the order in which they are shown: different enough, and with some chance.
 */
final class Arrangement {
  private Arrangement() {}

  /**
   * Maximal marginal relevance (Carbonell, Goldstein 1998): again and again the candidate with the
   * largest (1 − d) · relevance − d · (largest likeness to what was chosen before), where relevance
   * is the score divided by the best score.
   *
   * @param candidates best first, scores not negative
   * @param wanted how many
   * @param diversity d, from 0 (the order stays) to 1 (relevance does not count)
   * @param likeness from 0 to 1
   */
  static <T> List<T> diverse(
      List<T> candidates,
      ToDoubleFunction<T> score,
      int wanted,
      double diversity,
      ToDoubleBiFunction<T, T> likeness) {
    int count = Math.min(wanted, candidates.size());
    if (diversity == 0 || candidates.isEmpty()) {
      return List.copyOf(candidates.subList(0, count));
    }
    double best = score.applyAsDouble(candidates.get(0));
    double[] largest = new double[candidates.size()];
    boolean[] chosen = new boolean[candidates.size()];
    List<T> order = new ArrayList<>(count);
    while (order.size() < count) {
      int next = -1;
      double nextValue = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < chosen.length; i++) {
        if (!chosen[i]) {
          double relevance = best > 0 ? score.applyAsDouble(candidates.get(i)) / best : 0;
          double value = (1 - diversity) * relevance - diversity * largest[i];
          if (value > nextValue) {
            nextValue = value;
            next = i;
          }
        }
      }
      chosen[next] = true;
      T taken = candidates.get(next);
      order.add(taken);
      for (int i = 0; i < chosen.length; i++) {
        if (!chosen[i]) {
          largest[i] = Math.max(largest[i], likeness.applyAsDouble(candidates.get(i), taken));
        }
      }
    }
    return order;
  }

  /**
   * Gives some of the first places to candidates from further down, so that something is learnt
   * about them. The first place always stays.
   *
   * @param order best first
   * @param places how many are shown
   * @param share chance of each place but the first
   * @param seed the same seed and order give the same answer
   */
  static <T> List<T> exploring(List<T> order, int places, double share, long seed) {
    if (share == 0 || order.size() <= places) {
      return order;
    }
    List<T> changed = new ArrayList<>(order);
    SplittableRandom random = new SplittableRandom(seed);
    for (int place = 1; place < places; place++) {
      if (random.nextDouble() < share) {
        int from = places + random.nextInt(changed.size() - places);
        T lifted = changed.remove(from);
        changed.add(place, lifted);
      }
    }
    return changed;
  }
}
