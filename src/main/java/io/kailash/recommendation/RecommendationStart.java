package io.kailash.recommendation;

import io.kailash.platform.Periodic;
import io.kailash.platform.Settings;
import io.kailash.recommendation.experiments.Experiments;
import io.kailash.recommendation.training.ActiveRecommender;
import io.kailash.recommendation.training.FirstRecommender;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Reads the active model when the service starts and keeps what is in memory fresh. */
@Singleton
class RecommendationStart {
  private static final Duration BETWEEN_SNAPSHOTS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_LOOKS_FOR_CHANGES = Duration.ofMillis(100);
  private static final Duration BETWEEN_WARMINGS = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LOOKS_FOR_A_FIRST_MODEL = Duration.ofSeconds(2);
  private static final Duration BETWEEN_LOOKS_FOR_A_WINNER = Duration.ofSeconds(10);
  private static final Duration BETWEEN_READINGS_AHEAD = Duration.ofMillis(100);
  private static final Duration BETWEEN_CLEANINGS = Duration.ofMinutes(10);

  static void start(
      @Observes @Initialized(ApplicationScoped.class) Object event,
      Settings settings,
      ActiveRecommender model,
      FirstRecommender first,
      Experiments experiments,
      Popularity popularity,
      Recommender recommender,
      Choice choice,
      ItemChanges changes,
      NeighboursAhead ahead,
      ShownLog log,
      Periodic periodic) {
    RecommendationSettings own = RecommendationSettings.read(settings);
    model.refresh();
    experiments.refresh();
    log.start();
    periodic.every(own.modelRefresh(), "refresh of the active recommender", model::refresh);
    periodic.every(own.modelRefresh(), "refresh of the running experiment", experiments::refresh);
    periodic.every(BETWEEN_SNAPSHOTS, "snapshot of popularity", popularity::refresh);
    periodic.every(BETWEEN_WARMINGS, "reading of popular items", choice::keepPopularCards);
    periodic.every(BETWEEN_LOOKS_FOR_CHANGES, "look for changed items", changes::look);
    periodic.every(BETWEEN_LOOKS_FOR_A_FIRST_MODEL, "look for a first recommender", first::look);
    periodic.every(BETWEEN_READINGS_AHEAD, "reading of neighbours ahead", ahead::step);
    periodic.every(
        BETWEEN_LOOKS_FOR_A_WINNER,
        "look for a clear experiment",
        () ->
            experiments
                .clear()
                .ifPresent(c -> experiments.end(c.experiment(), c.winner(), "experiment")));
    periodic.every(BETWEEN_CLEANINGS, "removal of old recommendations", log::removeOld);
  }
}
