package io.kailash.classification.model;

/** A training was stopped because its {@link TrainingProgress} asked for it. Nothing was made. */
public final class TrainingCancelledException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TrainingCancelledException(String phase) {
    super("training was cancelled during: " + phase);
  }
}
