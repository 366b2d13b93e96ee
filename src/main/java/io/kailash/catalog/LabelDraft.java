package io.kailash.catalog;

/**
 * A label to be set.
 *
 * @param category code of a category of the taxonomy's active version
 */
public record LabelDraft(String sku, String category) {}
