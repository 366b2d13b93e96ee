package io.kailash.recommendation.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Weighted reciprocal ranks. */
public final class Fusion {
  private Fusion() {}

  public static List<ScoredItem> fuse(
      Map<Source, List<ScoredItem>> lists, Map<Source, Double> weights, int limit) {
    Map<String, Double> scores = new HashMap<>();
    Map<String, String> because = new HashMap<>();
    lists.forEach(
        (source, list) -> {
          int rank = 0;
          for (ScoredItem item : list) {
            rank++;
            scores.merge(item.item(), weights.getOrDefault(source, 0.0) / (20 + rank), Double::sum);
            if (item.because() != null) {
              because.putIfAbsent(item.item(), item.because());
            }
          }
        });
    List<ScoredItem> fused = new ArrayList<>();
    scores.forEach((item, score) -> fused.add(new ScoredItem(item, score, because.get(item))));
    fused.sort(Comparator.comparingDouble(ScoredItem::score).reversed().thenComparing(ScoredItem::item));
    return fused.subList(0, Math.min(limit, fused.size()));
  }
}
