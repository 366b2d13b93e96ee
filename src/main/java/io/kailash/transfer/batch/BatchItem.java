package io.kailash.transfer.batch;

import io.kailash.classification.ClassifyRequest;

/**
 * One item of a batch: what {@code POST /api/v1/classify} takes, and the caller's own reference.
 *
 * @param ref returned with the answer as it is; null where the sku is enough
 */
record BatchItem(
    String ref,
    String taxonomy,
    String sku,
    String title,
    String brand,
    String description,
    String supplierCategory,
    String url,
    Boolean explain,
    Integer alternatives) {

  /** What is to be classified, with the batch's own wishes where the item has none. */
  ClassifyRequest request(BatchWishes wishes) {
    return new ClassifyRequest(
        taxonomy == null ? wishes.taxonomy() : taxonomy,
        sku,
        title,
        brand,
        description,
        supplierCategory,
        url,
        explain == null ? wishes.explain() : explain,
        alternatives == null ? wishes.alternatives() : alternatives);
  }
}
