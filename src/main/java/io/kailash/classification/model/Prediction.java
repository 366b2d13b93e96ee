package io.kailash.classification.model;

import java.util.List;

/**
 * What a model says about an item.
 *
 * @param category the answer: the deepest category on the way to {@code bestLeaf} whose confidence
 *     reaches the back-off threshold; where none does, the first of that way
 * @param confidence estimated probability, from 0 to 1, that the item belongs into {@code category}
 *     or below
 * @param sure whether {@code confidence} reaches the threshold
 * @param bestLeaf the most probable category among those the model has learnt, the deepest the
 *     model can say
 * @param bestLeafConfidence estimated probability, from 0 to 1, that {@code bestLeaf} is right
 * @param levels from the root down to {@code bestLeaf}; confidence never grows on the way down
 * @param alternatives the most probable categories, {@code bestLeaf} first, confidence never
 *     growing
 * @param margin confidence of {@code bestLeaf} less that of the next one, from 0 to 1
 * @param knownFeatures how many different features of the item the model knows; with 0 the answer
 *     is a guess from the frequency of categories
 */
public record Prediction(
    String category,
    double confidence,
    boolean sure,
    String bestLeaf,
    double bestLeafConfidence,
    List<LevelConfidence> levels,
    List<Alternative> alternatives,
    double margin,
    int knownFeatures) {

  /** Takes copies of the lists. */
  public Prediction {
    levels = List.copyOf(levels);
    alternatives = List.copyOf(alternatives);
  }

  /**
   * A category on the way to the best leaf.
   *
   * @param level 1 for a root
   * @param code the category
   * @param confidence sum of the confidences of all categories the model has learnt in it and below
   *     it
   */
  public record LevelConfidence(int level, String code, double confidence) {}

  /**
   * A possible category.
   *
   * @param code the category
   * @param confidence estimated probability that it is right
   */
  public record Alternative(String code, double confidence) {}
}
