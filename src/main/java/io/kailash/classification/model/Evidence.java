package io.kailash.classification.model;

/**
 * A piece of an item's text that speaks for or against a category.
 *
 * @param field where it stands
 * @param text a word or two neighbouring words, as the model reads them (lower case)
 * @param contribution what it adds to the category's score; negative speaks against it
 */
public record Evidence(Field field, String text, double contribution) {

  /** Parts of an item that are read in vocabularies of their own. */
  public enum Field {
    /** Brand and title. */
    TITLE,
    /** The description. */
    DESCRIPTION,
    /** The supplier's own category text. */
    SUPPLIER_CATEGORY,
    /** The address of the item's page. */
    URL
  }
}
