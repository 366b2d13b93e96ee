package io.kailash.recommendation;

import io.kailash.platform.Settings;
import java.time.Duration;

/**
 * Settings of this room.
 *
 * @param budget how long an answer may take where the caller does not say, {@code
 *     kailash.recommendation.budget}
 * @param diversity from 0 (best first) to 1 (as different as can be), {@code
 *     kailash.recommendation.diversity}
 * @param exploration share of the places that go to items further down, so that something can be
 *     learnt about them, {@code kailash.recommendation.exploration}
 * @param history how many of a user's latest interactions count, {@code
 *     kailash.recommendation.history}
 * @param popularityHalfLife after which an interaction counts half for popularity, {@code
 *     kailash.recommendation.popularity-half-life}; at least 3 days
 * @param cachedItems items kept in memory, {@code kailash.recommendation.cached-items}
 * @param cachedResults candidate lists of usual length kept in memory, {@code
 *     kailash.recommendation.cached-results}
 * @param resultLifetime how long a candidate list is used again for the same question, {@code
 *     kailash.recommendation.result-lifetime}
 * @param sharedResultLifetime how long a list for the items of a page is kept in Redis for all
 *     instances, {@code kailash.recommendation.shared-result-lifetime}
 * @param maxStreamLines lines of one stream of interactions, {@code
 *     kailash.recommendation.max-stream-lines}
 * @param logCapacity shown recommendations that may wait to be written; further ones are counted
 *     and dropped, {@code kailash.recommendation.shown-log.capacity}
 * @param shownRetention how long shown recommendations are kept, {@code
 *     kailash.recommendation.shown-log.retention}
 * @param modelRefresh how soon a model or an experiment of another instance is used here, {@code
 *     kailash.recommendation.model-refresh}
 * @param worseShare how much of the active model's NDCG@10 a new one may lack and still be
 *     activated, {@code kailash.recommendation.worse-share}
 */
record RecommendationSettings(
    Duration budget,
    double diversity,
    double exploration,
    int history,
    Duration popularityHalfLife,
    int cachedItems,
    int cachedResults,
    Duration resultLifetime,
    Duration sharedResultLifetime,
    int maxStreamLines,
    int logCapacity,
    Duration shownRetention,
    Duration modelRefresh,
    double worseShare) {
  private static final Duration SHORTEST_HALF_LIFE = Duration.ofDays(3);

  /** Longer, and a list could outlive what tells that it is out of date. */
  private static final Duration LONGEST_SHARED = Duration.ofMinutes(30);

  /** No answer may take longer, whatever a caller says. */
  static final int MAX_BUDGET_MILLIS = 2_000;

  static RecommendationSettings read(Settings settings) {
    String room = "kailash.recommendation.";
    return new RecommendationSettings(
        settings.duration(
            room + "budget",
            Duration.ofMillis(500),
            Duration.ofMillis(1),
            Duration.ofMillis(MAX_BUDGET_MILLIS)),
        settings.share(room + "diversity", 0.2),
        settings.share(room + "exploration", 0.05),
        settings.wholeNumber(room + "history", 200, 1, 10_000),
        settings.duration(
            room + "popularity-half-life",
            Duration.ofDays(7),
            SHORTEST_HALF_LIFE,
            Duration.ofDays(3_650)),
        settings.wholeNumber(room + "cached-items", 100_000, 1, 10_000_000),
        settings.wholeNumber(room + "cached-results", 5_000, 0, 10_000_000),
        settings.duration(room + "result-lifetime", Duration.ofSeconds(10)),
        settings.duration(
            room + "shared-result-lifetime",
            Duration.ofSeconds(30),
            Duration.ofMillis(1),
            LONGEST_SHARED),
        settings.wholeNumber(room + "max-stream-lines", 10_000_000, 1, Integer.MAX_VALUE),
        settings.wholeNumber(room + "shown-log.capacity", 50_000, 1, 10_000_000),
        settings.duration(room + "shown-log.retention", Duration.ofDays(90)),
        settings.duration(room + "model-refresh", Duration.ofSeconds(2)),
        settings.share(room + "worse-share", 0.1));
  }
}
