package io.kailash.recommendation.model;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what was used together. */
public final class RecommenderTrainer {
  private final Clock clock;

  public RecommenderTrainer(Clock clock) {
    this.clock = clock;
  }

  public TrainedRecommender train(
      InteractionSource source, RecommenderOptions options, RecommenderProgress progress) {
    Map<String, List<String>> byUser = new LinkedHashMap<>();
    source.forEach(i -> byUser.computeIfAbsent(i.user(), u -> new ArrayList<>()).add(i.item()));
    Map<String, Map<String, Double>> together = new HashMap<>();
    Map<String, Double> popular = new HashMap<>();
    for (List<String> items : byUser.values()) {
      for (String a : items) {
        popular.merge(a, 1.0, Double::sum);
        for (String b : items) {
          if (!a.equals(b)) {
            together.computeIfAbsent(a, k -> new HashMap<>()).merge(b, 1.0, Double::sum);
          }
        }
      }
    }
    progress.at("counted", 1);
    return new TrainedRecommender(
        new RecommenderModel(popular, together, clock.millis()),
        new RecommenderQuality(byUser.size(), 0, 0.1, 0.1, 0, 0));
  }
}
