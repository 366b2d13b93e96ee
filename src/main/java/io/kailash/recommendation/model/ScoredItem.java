package io.kailash.recommendation.model;

import java.util.Objects;

/**
 * A candidate for a recommendation.
 *
 * @param item the item's id
 * @param score higher is better; comparable within one list only
 * @param because id of the item of the history that speaks most for it; null where no single item
 *     does
 */
public record ScoredItem(String item, double score, String because) {

  /** Refuses a missing item. */
  public ScoredItem {
    Objects.requireNonNull(item, "item");
  }
}
