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
    long[] counts = new long[4];
    heldOut
        .sequential()
        .forEach(
            example -> {
              boolean first =
                  candidate.classify(example.item(), 1).bestLeaf().equals(example.categoryCode());
              boolean second =
                  reference.classify(example.item(), 1).bestLeaf().equals(example.categoryCode());
              counts[(first ? 2 : 0) + (second ? 1 : 0)]++;
            });
    return ofCounts(counts[3], counts[2], counts[1], counts[0]);
  }

  static ModelComparison ofCounts(
      long bothRight, long onlyCandidate, long onlyReference, long bothWrong) {
    long total = bothRight + onlyCandidate + onlyReference + bothWrong;
    if (total == 0) {
      throw new IllegalArgumentException("there is no example to compare on");
    }
    return new ModelComparison(
        total,
        (bothRight + onlyCandidate) / (double) total,
        (bothRight + onlyReference) / (double) total,
        onlyCandidate,
        onlyReference,
        upperTail(onlyReference, onlyCandidate + onlyReference));
  }

  /** P(X ≥ k) for X binomial with n trials and probability one half. */
  private static double upperTail(long k, long n) {
    double sum = 0;
    double logTerm = -n * Math.log(2);
    for (long i = 0; i <= n; i++) {
      if (i >= k) {
        sum += Math.exp(logTerm);
      }
      logTerm += Math.log(n - i) - Math.log(i + 1.0);
    }
    return Math.min(1, sum);
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
