package io.kailash.recommendation.sources;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.kailash.recommendation.model.WeightedItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Neighbours of items, as a store gave them, kept for a while; and the sum of them over the items
 * of a history.
 */
final class Neighbours {
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** Who has none may be new and get some soon. */
  private static final Duration NONE_KEPT = Duration.ofSeconds(2);

  private final Cache<String, List<Found>> known;

  /** Asks the store. */
  interface Store {
    /** The neighbours of each; one that is left out has none. */
    Map<String, List<Found>> neighbours(List<String> skus) throws Exception;
  }

  Neighbours(int size) {
    known =
        Caffeine.newBuilder()
            .maximumSize(size)
            .executor(Runnable::run)
            .expireAfter(
                Expiry.creating(
                    (String sku, List<Found> found) -> found.isEmpty() ? NONE_KEPT : KEPT))
            .build();
  }

  /** The same from memory alone; empty where a list is missing there. */
  Optional<List<Found>> known(List<WeightedItem> history, int limit) {
    Map<String, List<Found>> lists = new HashMap<>();
    for (WeightedItem item : history) {
      List<Found> list = known.getIfPresent(item.item());
      if (list == null) {
        return Optional.empty();
      }
      lists.put(item.item(), list);
    }
    return Optional.of(sum(history, lists, limit));
  }

  /**
   * Scores are summed over the history, each weighted; an item names what speaks most for it.
   *
   * @return best first
   */
  List<Found> of(List<WeightedItem> history, int limit, Store store) throws Exception {
    Map<String, List<Found>> lists = new HashMap<>();
    List<String> missing = new ArrayList<>();
    for (WeightedItem item : history) {
      List<Found> list = known.getIfPresent(item.item());
      if (list == null) {
        missing.add(item.item());
      } else {
        lists.put(item.item(), list);
      }
    }
    if (!missing.isEmpty()) {
      Map<String, List<Found>> asked = store.neighbours(missing);
      for (String sku : missing) {
        List<Found> list = List.copyOf(asked.getOrDefault(sku, List.of()));
        known.put(sku, list);
        lists.put(sku, list);
      }
    }
    return sum(history, lists, limit);
  }

  static List<Found> sum(List<WeightedItem> history, Map<String, List<Found>> lists, int limit) {
    Map<String, Double> scores = new HashMap<>();
    Map<String, Found> strongest = new HashMap<>();
    for (WeightedItem item : history) {
      for (Found found : lists.getOrDefault(item.item(), List.of())) {
        double score = item.weight() * found.score();
        scores.merge(found.sku(), score, Double::sum);
        strongest.merge(
            found.sku(),
            new Found(found.sku(), score, found.because(), found.why()),
            (a, b) -> a.score() >= b.score() ? a : b);
      }
    }
    return scores.entrySet().stream()
        .filter(scored -> scored.getValue() > 0)
        .map(
            scored -> {
              Found best = strongest.get(scored.getKey());
              return new Found(best.sku(), scored.getValue(), best.because(), best.why());
            })
        .sorted(Comparator.comparingDouble(Found::score).reversed().thenComparing(Found::sku))
        .limit(limit)
        .toList();
  }
}
