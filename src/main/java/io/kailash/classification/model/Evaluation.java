package io.kailash.classification.model;

import java.util.stream.Stream;

/** Measures a model on examples it has not learnt from. */
public final class Evaluation {

  private Evaluation() {}

  /**
   * Classifies each example and compares.
   *
   * @param model the model
   * @param examples with the truth; the caller closes the stream
   * @return the quality
   * @throws IllegalArgumentException if there is no example
   */
  public static QualityReport of(ClassifierModel model, Stream<Example> examples) {
    throw new UnsupportedOperationException("to come");
  }
}
