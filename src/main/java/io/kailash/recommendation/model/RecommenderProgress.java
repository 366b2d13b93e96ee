package io.kailash.recommendation.model;

/** Hears how far a training is. */
public interface RecommenderProgress {
  void at(String phase, double fractionDone);

  boolean cancelled();
}
