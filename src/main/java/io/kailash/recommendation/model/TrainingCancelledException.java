package io.kailash.recommendation.model;

/**
 * A training was stopped because its {@link RecommenderProgress} asked for it. Nothing was made.
 */
public final class TrainingCancelledException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TrainingCancelledException(String phase) {
    super("training was cancelled during: " + phase);
  }
}
