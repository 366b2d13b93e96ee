package io.kailash.classification;

import io.kailash.classification.model.ItemText;
import java.time.Instant;
import java.util.UUID;

/**
 * What was answered to a classify request.
 *
 * @param margin confidence of the most probable leaf less that of the next
 * @param sku the catalog's item, or null
 */
record Decision(
    UUID id,
    Instant at,
    long taxonomyId,
    long modelId,
    String category,
    double confidence,
    String leaf,
    double leafConfidence,
    boolean accepted,
    double margin,
    String sku,
    ItemText text) {

  /** The same for texts that differ only in case and white space around. */
  long textHash() {
    return TextHash.ofAll(text.title(), text.brand(), text.description());
  }
}
