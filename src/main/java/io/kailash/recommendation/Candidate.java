package io.kailash.recommendation;

import io.kailash.recommendation.model.Source;
import io.kailash.recommendation.sources.Found.Why;
import java.util.EnumMap;
import java.util.Map;

/**
 * An item that may be recommended.
 *
 * @param score share of the best score, from 0 to 1
 * @param because the item that speaks for it; null where none does
 * @param why what connects the two; null where nobody knows
 * @param leading the source that adds most to it; null for an item that fills up an answer
 * @param shares by the number of the source, what it gave as a share of the most it gave
 */
record Candidate(
    String sku, double score, String because, Why why, Source leading, float[] shares) {

  /** An item that fills up an answer. */
  static Candidate filling(String sku) {
    return new Candidate(sku, 0, null, null, null, new float[0]);
  }

  /** For each source that has the item, what it gave as a share of the most it gave. */
  Map<Source, Double> scores() {
    Map<Source, Double> scores = new EnumMap<>(Source.class);
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        scores.put(Source.values()[i], (double) shares[i]);
      }
    }
    return scores;
  }
}
