package io.kailash.classification.model;

/** There is too little labelled data to learn from. */
public final class TooFewExamplesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long examples;
  private final int labelledCategories;

  TooFewExamplesException(long examples, int labelledCategories) {
    super(
        "training needs examples of at least 2 categories; there are "
            + examples
            + " examples of "
            + labelledCategories
            + (labelledCategories == 1 ? " category" : " categories"));
    this.examples = examples;
    this.labelledCategories = labelledCategories;
  }

  /**
   * How many usable examples there were.
   *
   * @return the count
   */
  public long examples() {
    return examples;
  }

  /**
   * How many categories had at least one example.
   *
   * @return 0 or 1
   */
  public int labelledCategories() {
    return labelledCategories;
  }
}
