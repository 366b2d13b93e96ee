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
    QualityTally tally = new QualityTally(model.tree());
    boolean[] any = new boolean[1];
    examples
        .sequential()
        .forEach(
            example -> {
              any[0] = true;
              Prediction prediction = model.classify(example.item(), 3);
              String truth = example.categoryCode();
              boolean amongThree =
                  prediction.alternatives().stream().anyMatch(other -> other.code().equals(truth));
              tally.add(truth, prediction.bestLeaf(), amongThree, prediction.bestLeafConfidence());
            });
    if (!any[0]) {
      throw new IllegalArgumentException("there is no example to evaluate on");
    }
    return tally.report();
  }
}
