package io.kailash.classification;

import io.kailash.classification.model.ItemText;

/**
 * What is to be classified.
 *
 * @param taxonomy code of the taxonomy; may be left out where there is only one
 * @param sku the item in the catalog this text belongs to, if any; feedback then labels that item
 * @param explain whether the answer names the features that spoke for it
 * @param alternatives how many alternatives are wanted
 */
public record ClassifyRequest(
    String taxonomy,
    String sku,
    String title,
    String brand,
    String description,
    String supplierCategory,
    String url,
    Boolean explain,
    Integer alternatives) {

  ItemText text() {
    return new ItemText(title, brand, description, supplierCategory, url);
  }
}
