package io.kailash.classification.model;

import java.util.stream.Stream;

/**
 * Two models on the same held-out examples.
 *
 * @param examples how many were judged
 * @param candidateAccuracy share the candidate has right
 * @param referenceAccuracy share the reference has right
 * @param onlyCandidateRight examples only the candidate has right
 * @param onlyReferenceRight examples only the reference has right
 * @param chance probability of so many or more 'only the reference is right' among the examples on
 *     which they differ, if both were equally good: the one-sided exact sign test (McNemar 1947)
 */
public record ModelComparison(
    long examples,
    double candidateAccuracy,
    double referenceAccuracy,
    long onlyCandidateRight,
    long onlyReferenceRight,
    double chance) {

  /**
   * Compares two models.
   *
   * @param candidate the model that might replace the other
   * @param reference the model in use
   * @param heldOut examples that neither has learnt from; the caller closes the stream
   * @return the comparison
   * @throws IllegalArgumentException if there is no example
   */
  public static ModelComparison of(
      ClassifierModel candidate, ClassifierModel reference, Stream<Example> heldOut) {
    throw new UnsupportedOperationException("to come");
  }

  /**
   * Whether the candidate is worse beyond chance.
   *
   * @return true if it has fewer right and {@link #chance()} is below 0.05
   */
  public boolean candidateIsWorse() {
    return candidateAccuracy < referenceAccuracy && chance < 0.05;
  }
}
