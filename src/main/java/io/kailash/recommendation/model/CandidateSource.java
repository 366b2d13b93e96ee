package io.kailash.recommendation.model;

import java.util.List;

/**
 * A source that training does not learn but whose weight it may tune, such as a graph or a vector
 * store.
 */
@FunctionalInterface
public interface CandidateSource {

  /**
   * Candidates for a history.
   *
   * @param history what the user turned to
   * @param limit at most so many
   * @return best first
   */
  List<ScoredItem> candidates(List<WeightedItem> history, int limit);
}
