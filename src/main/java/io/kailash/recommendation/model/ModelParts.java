package io.kailash.recommendation.model;

import java.util.Map;

/**
 * What a model is made of; the file holds exactly this.
 *
 * @param description what is known about it
 * @param items ids by number
 * @param table similar items of each
 * @param popularItems numbers of the popular items, most popular first
 * @param popularScores their scores, falling
 * @param weights of the sources in the fusion
 * @param historyLimit so many items of a history are used
 * @param strengths weights of view, cart, purchase, lowest and highest rating, then the two ends of
 *     the scale
 */
record ModelParts(
    RecommenderDescription description,
    String[] items,
    SimilarityTable table,
    int[] popularItems,
    float[] popularScores,
    Map<Source, Double> weights,
    int historyLimit,
    double[] strengths) {

  HistoryWeights historyWeights() {
    return new HistoryWeights(description.recencyOffset(), historyLimit);
  }
}
