package io.kailash.catalog;

import java.time.Instant;
import java.util.Map;

/**
 * One item as it was at one version.
 *
 * @param sku the caller's own name for it
 * @param supplierCategory where the supplier puts it, in the supplier's words; may be null, as may
 *     brand, description and url
 * @param attributes names to texts, numbers and booleans; unmodifiable
 * @param hidden whether it is kept out of recommendations
 * @param version grows by one with every change, from 1
 */
public record Item(
    String sku,
    String title,
    String brand,
    String description,
    String supplierCategory,
    String url,
    Map<String, Object> attributes,
    boolean inStock,
    boolean hidden,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** Its version as a strong entity tag. */
  String etag() {
    return "\"" + version + "\"";
  }

  /** What of it an editor may change. */
  public ItemDraft draft() {
    return new ItemDraft(
        sku, title, brand, description, supplierCategory, url, attributes, inStock, hidden);
  }
}
