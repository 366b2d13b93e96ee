package io.kailash.recommendation.model;

import java.util.Objects;

/**
 * An item of a history and how much it counts. {@link RecommenderModel#history} makes them from
 * interactions the way the model was tuned; whoever has only items gives each a weight of 1.
 *
 * @param item the item's id
 * @param weight finite; 0 or less for an item that says nothing but is not to be recommended
 */
public record WeightedItem(String item, double weight) {

  /** Refuses a missing item and a weight that is not a number. */
  public WeightedItem {
    Objects.requireNonNull(item, "item");
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException("the weight of " + item + " must be finite: " + weight);
    }
  }
}
