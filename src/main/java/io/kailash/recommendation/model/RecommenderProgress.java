package io.kailash.recommendation.model;

/** Told how far a training is, and asked whether to go on. Called from several threads. */
public interface RecommenderProgress {

  /**
   * Training has come this far.
   *
   * @param phase what is being done, in plain words
   * @param fractionDone of the whole training, from 0 to 1, never going back
   */
  void at(String phase, double fractionDone);

  /**
   * Whether the training is to stop. Asked often; must be cheap.
   *
   * @return true to stop with a {@link TrainingCancelledException}
   */
  boolean cancelled();

  /**
   * A listener that hears nothing and never cancels.
   *
   * @return the listener
   */
  static RecommenderProgress silent() {
    return new RecommenderProgress() {
      @Override
      public void at(String phase, double fractionDone) {
        // Nobody is listening.
      }

      @Override
      public boolean cancelled() {
        return false;
      }
    };
  }
}
