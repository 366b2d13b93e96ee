package io.kailash.recommendation;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What is recommended.
 *
 * @param id of this answer; feedback names it
 * @param strategy which sources were asked
 * @param experiment name of the experiment that chose the strategy, and its arm
 * @param modelVersion of the behaviour model; null where there is none yet
 * @param degraded what did not answer, or not in time, and so is missing
 */
record RecommendAnswer(
    UUID id,
    String user,
    String strategy,
    String experiment,
    String arm,
    String modelVersion,
    List<Recommended> items,
    List<String> degraded) {

  /**
   * One item.
   *
   * @param score from 0 to 1, relative to the best candidate
   * @param reason for people
   * @param because sku of the item that speaks for it
   * @param sources what each source gave it; only on request
   */
  record Recommended(
      String sku,
      String title,
      String brand,
      List<Place> categories,
      double score,
      String reason,
      String because,
      Map<String, Double> sources) {}

  /** A category of a taxonomy. */
  record Place(String taxonomy, String code, String name) {}
}
