package io.kailash.catalog;

import java.time.Instant;

/**
 * The category of one item in one taxonomy.
 *
 * @param taxonomy code of the taxonomy
 * @param category code of the category
 * @param setBy name of the client that set it
 */
public record Label(
    String sku,
    String taxonomy,
    String category,
    LabelSource source,
    String setBy,
    Instant setAt) {}
