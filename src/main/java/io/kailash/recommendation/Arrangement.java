package io.kailash.recommendation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;

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
  static List<Candidate> diverse(
      List<Candidate> candidates,
      int wanted,
      double diversity,
      ToDoubleBiFunction<Candidate, Candidate> likeness) {
    int count = Math.min(wanted, candidates.size());
    if (diversity == 0 || candidates.isEmpty()) {
      return List.copyOf(candidates.subList(0, count));
    }
    double best = candidates.get(0).score();
    double[] largest = new double[candidates.size()];
    boolean[] chosen = new boolean[candidates.size()];
    List<Candidate> order = new ArrayList<>(count);
    while (order.size() < count) {
      int next = -1;
      double nextValue = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < chosen.length; i++) {
        if (!chosen[i]) {
          double relevance = best > 0 ? candidates.get(i).score() / best : 0;
          double value = (1 - diversity) * relevance - diversity * largest[i];
          if (value > nextValue) {
            nextValue = value;
            next = i;
          }
        }
      }
      chosen[next] = true;
      Candidate taken = candidates.get(next);
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
  static List<Candidate> exploring(List<Candidate> order, int places, double share, long seed) {
    if (share == 0 || order.size() <= places) {
      return order;
    }
    List<Candidate> changed = new ArrayList<>(order);
    SplittableRandom random = new SplittableRandom(seed);
    for (int place = 1; place < places; place++) {
      if (random.nextDouble() < share) {
        int from = places + random.nextInt(changed.size() - places);
        Candidate lifted = changed.remove(from);
        changed.add(place, lifted);
      }
    }
    return changed;
  }
}
