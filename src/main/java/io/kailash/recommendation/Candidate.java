package io.kailash.recommendation;

import io.kailash.recommendation.model.Fused;
import io.kailash.recommendation.model.Source;
import io.kailash.recommendation.sources.Found.Why;
import java.util.Map;

/**
 * An item that may be recommended.
 *
 * @param score share of the best score, from 0 to 1
 * @param fused what each source gave it; null for an item that fills up an answer
 * @param why what connects it with the item that speaks for it; null where nobody knows
 */
record Candidate(String sku, double score, Fused fused, Why why) {

  /** An item that fills up an answer. */
  static Candidate filling(String sku) {
    return new Candidate(sku, 0, null, null);
  }

  /** The item that speaks for it; null where none does. */
  String because() {
    return fused == null ? null : fused.because();
  }

  /** The source that adds most to it; null for an item that fills up an answer. */
  Source leading() {
    return fused == null ? null : fused.leading();
  }

  /** What each source gave it, as a share of the most it gave. */
  Map<Source, Double> scores() {
    return fused == null ? Map.of() : fused.shares();
  }
}
