package io.kailash.transfer.batch;

import java.util.UUID;

/**
 * What a batch job is asked to do, as its parameters keep it.
 *
 * @param file name of the job's own file with the items as lines of JSON; else null
 * @param selection {@code unlabelled} or {@code all}; else null
 * @param upload id of an upload; else null
 * @param items of the job's own file; else null
 */
record BatchOrder(
    String taxonomy,
    Boolean explain,
    Integer alternatives,
    String file,
    String selection,
    UUID upload,
    Long items) {
  static final String UNLABELLED = "unlabelled";
  static final String ALL = "all";

  BatchWishes wishes() {
    return new BatchWishes(taxonomy, explain, alternatives);
  }
}
