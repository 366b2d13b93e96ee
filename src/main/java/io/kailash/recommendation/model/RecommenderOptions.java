package io.kailash.recommendation.model;

import java.time.Duration;
import java.util.Map;

/**
 * How to train. {@link #defaults()} and the methods beginning with {@code with} make one.
 *
 * @param seed of every random choice
 * @param threads how many threads train; the result does not depend on it
 * @param viewWeight how much a view counts
 * @param cartWeight how much an item put into the cart counts
 * @param purchaseWeight how much a purchase counts
 * @param lowestRatingWeight how much a rating of {@code lowestRating} counts
 * @param highestRatingWeight how much a rating of {@code highestRating} counts; between the two the
 *     weight is linear, a rating without a value counts as one in the middle
 * @param lowestRating the scale's lower end
 * @param highestRating the scale's upper end
 * @param neighbours at most so many similar items are kept for each item
 * @param mostSimilarities so many are kept for all items together, 6 bytes each, by cutting the
 *     longest lists; bounds the memory of who serves the model
 * @param historyLimit at most so many items of a history are used, those that count most
 * @param easeItemLimit up to so many items EASE is learnt: its memory is 4 bytes and its work one
 *     multiplication and addition per item squared and cubed
 * @param easeRegularisation lambda of EASE: what an item's own count is raised by
 * @param session how long interactions belong together: two of one user at a distance of t count
 *     {@code exp(-t / session)}
 * @param sessionShare how much of a co-occurrence is weighed by that distance; the rest counts
 *     whatever lies between
 * @param shrinkage what item-kNN adds to the denominator of the cosine, so that few users do not
 *     make a certainty
 * @param factors of a user or an item in the implicit factorisation; 0 leaves it out
 * @param factorItemLimit so many items, those that most users turned to, are compared by their
 *     factors: the work is one multiplication and addition per factor and item squared
 * @param factorIterations how often both sides are solved
 * @param factorConfidence how much more a known interaction counts than an unknown pair
 * @param factorRegularisation lambda; multiplied by the square root of the number of interactions
 *     of the user or item
 * @param pairsPerUser co-occurrences are counted among at most so many latest items of a user
 * @param popularityHalfLife after this time an interaction counts half for popularity
 * @param popularItems how many popular items are kept
 * @param validationShare share of each user's latest items that weights are tuned on
 * @param validationUsers weights are tuned on at most so many users
 * @param graphWeight weight of {@link Source#GRAPH} in the fusion, relative to behaviour's 1, where
 *     it cannot be tuned
 * @param textWeight the same of {@link Source#TEXT}
 */
public record RecommenderOptions(
    long seed,
    int threads,
    double viewWeight,
    double cartWeight,
    double purchaseWeight,
    double lowestRatingWeight,
    double highestRatingWeight,
    double lowestRating,
    double highestRating,
    int neighbours,
    int mostSimilarities,
    int historyLimit,
    int easeItemLimit,
    double easeRegularisation,
    Duration session,
    double sessionShare,
    double shrinkage,
    int factors,
    int factorItemLimit,
    int factorIterations,
    double factorConfidence,
    double factorRegularisation,
    int pairsPerUser,
    Duration popularityHalfLife,
    int popularItems,
    double validationShare,
    int validationUsers,
    double graphWeight,
    double textWeight) {

  /** Checks every range and names the option that is out of it. */
  public RecommenderOptions {
    require(threads >= 1 && threads <= 256, "threads", threads);
    for (Map.Entry<String, Double> weight :
        Map.of(
                "viewWeight", viewWeight,
                "cartWeight", cartWeight,
                "purchaseWeight", purchaseWeight,
                "lowestRatingWeight", lowestRatingWeight,
                "highestRatingWeight", highestRatingWeight,
                "graphWeight", graphWeight,
                "textWeight", textWeight)
            .entrySet()) {
      require(
          weight.getValue() > 0 && weight.getValue() <= 1000, weight.getKey(), weight.getValue());
    }
    require(
        Double.isFinite(lowestRating) && Double.isFinite(highestRating),
        "lowestRating",
        lowestRating);
    require(highestRating > lowestRating, "highestRating", highestRating);
    require(neighbours >= 1 && neighbours <= 10_000, "neighbours", neighbours);
    require(mostSimilarities >= 1, "mostSimilarities", mostSimilarities);
    require(historyLimit >= 1 && historyLimit <= 10_000, "historyLimit", historyLimit);
    require(easeItemLimit >= 0 && easeItemLimit <= 30_000, "easeItemLimit", easeItemLimit);
    require(
        easeRegularisation > 0 && easeRegularisation < 1e9,
        "easeRegularisation",
        easeRegularisation);
    require(session.toMillis() > 0, "session", session);
    require(sessionShare >= 0 && sessionShare <= 1, "sessionShare", sessionShare);
    require(shrinkage >= 0 && shrinkage < 1e9, "shrinkage", shrinkage);
    require(factors >= 0 && factors <= 512, "factors", factors);
    require(factorItemLimit >= 1, "factorItemLimit", factorItemLimit);
    require(factorIterations >= 1 && factorIterations <= 100, "factorIterations", factorIterations);
    require(factorConfidence > 0 && factorConfidence < 1e6, "factorConfidence", factorConfidence);
    require(
        factorRegularisation > 0 && factorRegularisation < 1e9,
        "factorRegularisation",
        factorRegularisation);
    require(pairsPerUser >= 2 && pairsPerUser <= 10_000, "pairsPerUser", pairsPerUser);
    require(popularityHalfLife.toMillis() > 0, "popularityHalfLife", popularityHalfLife);
    require(popularItems >= 1 && popularItems <= 100_000, "popularItems", popularItems);
    require(validationShare >= 0.02 && validationShare <= 0.5, "validationShare", validationShare);
    require(validationUsers >= 1, "validationUsers", validationUsers);
  }

  private static void require(boolean holds, String option, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(
          "recommender option " + option + " is out of range: " + value);
    }
  }

  /**
   * What is right for one small machine.
   *
   * @return the defaults
   */
  public static RecommenderOptions defaults() {
    return new RecommenderOptions(
        1,
        2,
        1,
        2,
        3,
        0.5,
        1.5,
        1,
        5,
        200,
        10_000_000,
        50,
        6_000,
        300,
        Duration.ofMinutes(30),
        0.5,
        10,
        64,
        50_000,
        5,
        1,
        2,
        500,
        Duration.ofDays(30),
        1_000,
        0.2,
        2_000,
        0.1,
        0.05);
  }

  /**
   * How much one interaction counts.
   *
   * @param kind what was done
   * @param value the rating; read where the kind is a rating
   * @return above 0; 0 for a dismissal
   */
  public double strength(Kind kind, float value) {
    return switch (kind) {
      case VIEW -> viewWeight;
      case CART -> cartWeight;
      case PURCHASE -> purchaseWeight;
      case RATING -> {
        double share =
            Float.isFinite(value)
                ? Math.min(1, Math.max(0, (value - lowestRating) / (highestRating - lowestRating)))
                : 0.5;
        yield lowestRatingWeight + share * (highestRatingWeight - lowestRatingWeight);
      }
      case DISMISSAL -> 0;
    };
  }

  /**
   * These options with some changed.
   *
   * @param changes new values by name of the option: numbers, and lengths of time as ISO 8601
   * @return changed copy
   * @throws IllegalArgumentException if there is no such option, or a value is unreadable or out of
   *     range
   */
  public RecommenderOptions with(Map<String, String> changes) {
    Changes change = new Changes(changes);
    RecommenderOptions changed =
        new RecommenderOptions(
            change.whole("seed", seed),
            (int) change.whole("threads", threads),
            change.number("viewWeight", viewWeight),
            change.number("cartWeight", cartWeight),
            change.number("purchaseWeight", purchaseWeight),
            change.number("lowestRatingWeight", lowestRatingWeight),
            change.number("highestRatingWeight", highestRatingWeight),
            change.number("lowestRating", lowestRating),
            change.number("highestRating", highestRating),
            (int) change.whole("neighbours", neighbours),
            (int) change.whole("mostSimilarities", mostSimilarities),
            (int) change.whole("historyLimit", historyLimit),
            (int) change.whole("easeItemLimit", easeItemLimit),
            change.number("easeRegularisation", easeRegularisation),
            change.duration("session", session),
            change.number("sessionShare", sessionShare),
            change.number("shrinkage", shrinkage),
            (int) change.whole("factors", factors),
            (int) change.whole("factorItemLimit", factorItemLimit),
            (int) change.whole("factorIterations", factorIterations),
            change.number("factorConfidence", factorConfidence),
            change.number("factorRegularisation", factorRegularisation),
            (int) change.whole("pairsPerUser", pairsPerUser),
            change.duration("popularityHalfLife", popularityHalfLife),
            (int) change.whole("popularItems", popularItems),
            change.number("validationShare", validationShare),
            (int) change.whole("validationUsers", validationUsers),
            change.number("graphWeight", graphWeight),
            change.number("textWeight", textWeight));
    change.requireAllUsed();
    return changed;
  }

  /**
   * These options with another number of threads.
   *
   * @param newThreads at least 1
   * @return changed copy
   */
  public RecommenderOptions withThreads(int newThreads) {
    return with(Map.of("threads", Integer.toString(newThreads)));
  }

  /**
   * These options with another seed.
   *
   * @param newSeed the seed
   * @return changed copy
   */
  public RecommenderOptions withSeed(long newSeed) {
    return with(Map.of("seed", Long.toString(newSeed)));
  }
}
