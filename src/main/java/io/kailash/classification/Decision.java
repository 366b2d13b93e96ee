package io.kailash.classification;

import io.kailash.classification.model.ItemText;
import java.time.Instant;
import java.util.Locale;
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

  /** The same for texts that differ only in case and white space around; 64-bit FNV-1a. */
  long textHash() {
    long hash = 0xcbf29ce484222325L;
    for (String part : new String[] {text.title(), text.brand(), text.description()}) {
      String normal = part == null ? "" : part.strip().toLowerCase(Locale.ROOT);
      for (int i = 0; i < normal.length(); i++) {
        hash = (hash ^ normal.charAt(i)) * 0x100000001b3L;
      }
      hash = (hash ^ 0xffff) * 0x100000001b3L;
    }
    return hash;
  }
}
