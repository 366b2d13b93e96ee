package io.kailash.catalog;

import java.util.Map;

/**
 * What an editor says about an item, not checked yet.
 *
 * @param attributes names to texts, numbers and booleans; null for none
 * @param inStock null for true
 * @param hidden null for false
 */
public record ItemDraft(
    String sku,
    String title,
    String brand,
    String description,
    String supplierCategory,
    String url,
    Map<String, Object> attributes,
    Boolean inStock,
    Boolean hidden) {

  /** An item of texts only, in stock and not hidden. */
  public static ItemDraft of(String sku, String title, String brand, String description) {
    return new ItemDraft(sku, title, brand, description, null, null, Map.of(), true, false);
  }

  /** The same under another sku. */
  ItemDraft withSku(String other) {
    return new ItemDraft(
        other, title, brand, description, supplierCategory, url, attributes, inStock, hidden);
  }
}
