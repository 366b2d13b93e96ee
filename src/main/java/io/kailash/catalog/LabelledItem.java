package io.kailash.catalog;

/**
 * What training needs of an item.
 *
 * @param brand may be null, as may description, supplierCategory and url
 * @param categoryCode its label; the category may be missing from the taxonomy's active version
 */
public record LabelledItem(
    String sku,
    String title,
    String brand,
    String description,
    String supplierCategory,
    String url,
    String categoryCode) {}
