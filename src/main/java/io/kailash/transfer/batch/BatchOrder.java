package io.kailash.transfer.batch;

/**
 * What a batch job is asked to do, as its parameters keep it.
 *
 * @param file name of the job's own file with the items as lines of JSON; null for a selection
 * @param selection {@code unlabelled} or {@code all}; null for a file
 * @param items of the file; null for a selection
 */
record BatchOrder(
    String taxonomy,
    Boolean explain,
    Integer alternatives,
    String file,
    String selection,
    Long items) {
  static final String UNLABELLED = "unlabelled";
  static final String ALL = "all";

  BatchWishes wishes() {
    return new BatchWishes(taxonomy, explain, alternatives);
  }
}
