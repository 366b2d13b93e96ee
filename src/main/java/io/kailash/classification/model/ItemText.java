package io.kailash.classification.model;

import java.util.Objects;

/**
 * The text of an item, as far as a classifier looks at it.
 *
 * @param title what the item is called; never null, may be empty
 * @param brand the maker or brand, or null
 * @param description free text, or null
 * @param supplierCategory the category text or breadcrumb of the supplier, in the supplier's own
 *     words, or null
 * @param url the address of the item's page, or null
 */
public record ItemText(
    String title, String brand, String description, String supplierCategory, String url) {

  /** Refuses a missing title. */
  public ItemText {
    Objects.requireNonNull(title, "title");
  }

  /**
   * An item of which only the title is known.
   *
   * @param title the title, not null
   * @return the item
   */
  public static ItemText ofTitle(String title) {
    return new ItemText(title, null, null, null, null);
  }
}
