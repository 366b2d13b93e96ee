package io.kailash.recommendation.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the lists of several sources together: each list's scores are divided by its highest, and an
 * item's score is the weighted sum of what it has in each. Measured against ranks (reciprocal rank
 * fusion) it was level; it keeps how sure a source is of its second after its first.
 */
public final class Fusion {

  /** Written out: it is called thousands of times for one answer. */
  private static final Comparator<Fused> BEST_FIRST =
      (a, b) -> {
        int order = Double.compare(b.score(), a.score());
        return order != 0 ? order : a.item().compareTo(b.item());
      };

  private Fusion() {}

  /**
   * Fuses lists. An item's reason is that of the source that adds most to it.
   *
   * @param lists candidates by source; scores that are not finite or not positive are left out
   * @param weights by source; a source without a weight, or with one of 0 or less, adds nothing
   * @param limit at most so many
   * @return best first, equal scores by id; no item twice
   */
  public static List<Fused> fuse(
      Map<Source, List<ScoredItem>> lists, Map<Source, Double> weights, int limit) {
    Map<String, Fused> sums = new HashMap<>();
    for (Source source : Fused.SOURCES) {
      double weight = weights.getOrDefault(source, 0.0);
      List<ScoredItem> list = lists.getOrDefault(source, List.of());
      double highest = 0;
      for (ScoredItem candidate : list) {
        if (Double.isFinite(candidate.score())) {
          highest = Math.max(highest, candidate.score());
        }
      }
      if (!(weight > 0) || !Double.isFinite(weight) || highest == 0) {
        continue;
      }
      for (ScoredItem candidate : list) {
        double share = candidate.score() / highest;
        // What is nothing beside the highest adds nothing, not even its name.
        if (Double.isFinite(candidate.score()) && share > 0) {
          sums.computeIfAbsent(candidate.item(), Fused::new)
              .add(source, weight, share, candidate.because());
        }
      }
    }
    List<Fused> fused = new ArrayList<>(sums.values());
    fused.sort(BEST_FIRST);
    return List.copyOf(fused.subList(0, Math.min(Math.max(limit, 0), fused.size())));
  }
}
