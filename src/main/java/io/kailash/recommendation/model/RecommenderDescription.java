package io.kailash.recommendation.model;

import java.time.Instant;
import java.util.Map;

/**
 * What is known about a model without using it.
 *
 * @param formatVersion of the file
 * @param trainedAt when the training ended
 * @param trainingDataDigest SHA-256 over what was learnt from, whatever order it came in; 64
 *     hexadecimal digits
 * @param interactions how many were read
 * @param pairs different pairs of user and item that were learnt from
 * @param users users among them
 * @param items items among them
 * @param neighbours similarities it keeps
 * @param similarityWeights how much each way of comparing items counts (ease, item-knn, ials)
 * @param recencyOffset a history's item with r later ones counts offset / (offset + r); infinite
 *     where all count the same
 * @param heldOut quality on held-out history
 */
public record RecommenderDescription(
    int formatVersion,
    Instant trainedAt,
    String trainingDataDigest,
    long interactions,
    long pairs,
    int users,
    int items,
    long neighbours,
    Map<String, Double> similarityWeights,
    double recencyOffset,
    RecommenderQuality heldOut) {

  /** Takes a copy of the map. */
  public RecommenderDescription {
    similarityWeights = Map.copyOf(similarityWeights);
  }
}
