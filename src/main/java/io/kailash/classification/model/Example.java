package io.kailash.classification.model;

import java.util.Objects;

/**
 * An item whose category is known.
 *
 * @param item the item's text
 * @param categoryCode code of its category; a leaf or an inner category of the tree
 */
public record Example(ItemText item, String categoryCode) {

  /** Refuses missing parts. */
  public Example {
    Objects.requireNonNull(item, "item");
    Objects.requireNonNull(categoryCode, "categoryCode");
  }
}
