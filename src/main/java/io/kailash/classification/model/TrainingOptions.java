package io.kailash.classification.model;

import java.util.function.Consumer;

/**
 * How to train.
 *
 * @param seed of every random choice
 * @param regularisation C of the support vector machine: cost of an error against the size of the
 *     weights
 * @param structure flat, tree, or chosen by the number of labelled categories
 * @param flatLimit with {@link Structure#AUTOMATIC}, up to this many labelled categories are
 *     trained flat
 * @param beamWidth how many branches a label tree follows at each level
 * @param heldOutShare share of the examples (0.02 to 0.5) on which quality and calibration are
 *     measured
 * @param heldOutLimit at most so many examples are held out in one fold
 * @param folds into how many parts the examples are cut for calibration by cross-validation; 1
 *     trains once and holds out {@code heldOutShare}. Data of more than {@code foldsLimit} examples
 *     always takes one
 * @param foldsLimit up to this many examples cross-validation is affordable
 * @param backOffThreshold a category whose confidence is below is not sure; from 0 to 1
 * @param maxFeatures at most so many features are kept, the most frequent ones
 * @param maxWeights at most so many weights are kept, or 450 for each decision if that is more;
 *     decides the size of the file, about two bytes each
 * @param maxTextChars of the title; longer text is cut before it is read
 * @param maxDescriptionChars of the description; longer text is cut before it is read
 * @param threads how many threads train; the result does not depend on it
 */
public record TrainingOptions(
    long seed,
    double regularisation,
    Structure structure,
    int flatLimit,
    int beamWidth,
    double heldOutShare,
    int heldOutLimit,
    int folds,
    int foldsLimit,
    double backOffThreshold,
    int maxFeatures,
    int maxWeights,
    int maxTextChars,
    int maxDescriptionChars,
    int threads) {

  /** How the categories are told apart. */
  public enum Structure {
    /** Flat up to {@link TrainingOptions#flatLimit()} categories, else a tree. */
    AUTOMATIC,
    /**
     * Every labelled category against all others: the most accurate, its cost grows with their
     * number.
     */
    FLAT,
    /** Branch by branch along the taxonomy: for thousands of categories. */
    TREE
  }

  /** Checks every range and names the option that is out of it. */
  public TrainingOptions {
    require(regularisation > 0 && regularisation < 1e6, "regularisation", regularisation);
    require(flatLimit >= 2, "flatLimit", flatLimit);
    require(beamWidth >= 1 && beamWidth <= 1000, "beamWidth", beamWidth);
    require(heldOutShare >= 0.02 && heldOutShare <= 0.5, "heldOutShare", heldOutShare);
    require(heldOutLimit >= 1, "heldOutLimit", heldOutLimit);
    require(folds >= 1 && folds <= 20, "folds", folds);
    require(foldsLimit >= 0, "foldsLimit", foldsLimit);
    require(backOffThreshold >= 0 && backOffThreshold <= 1, "backOffThreshold", backOffThreshold);
    require(maxFeatures >= 1 && maxFeatures <= LongTable.MOST, "maxFeatures", maxFeatures);
    require(maxWeights >= 1, "maxWeights", maxWeights);
    require(maxTextChars >= 1, "maxTextChars", maxTextChars);
    require(maxDescriptionChars >= 0, "maxDescriptionChars", maxDescriptionChars);
    require(threads >= 1, "threads", threads);
  }

  private static void require(boolean holds, String option, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(
          "training option " + option + " is out of range: " + value);
    }
  }

  /**
   * What is right for one small machine.
   *
   * @return the defaults
   */
  public static TrainingOptions defaults() {
    return new TrainingOptions(
        1,
        2.0,
        Structure.AUTOMATIC,
        1000,
        12,
        0.2,
        20_000,
        4,
        20_000,
        0.5,
        1_500_000,
        1_000_000,
        1_000,
        2_000,
        2);
  }

  /**
   * These options with another seed.
   *
   * @param newSeed the seed
   * @return changed copy
   */
  public TrainingOptions withSeed(long newSeed) {
    return changed(draft -> draft.seed = newSeed);
  }

  /**
   * These options with another structure.
   *
   * @param newStructure the structure
   * @return changed copy
   */
  public TrainingOptions withStructure(Structure newStructure) {
    return changed(draft -> draft.structure = newStructure);
  }

  /**
   * These options with another number of folds.
   *
   * @param newFolds from 1 to 20
   * @return changed copy
   */
  public TrainingOptions withFolds(int newFolds) {
    return changed(draft -> draft.folds = newFolds);
  }

  /**
   * These options with another number of threads.
   *
   * @param newThreads at least 1
   * @return changed copy
   */
  public TrainingOptions withThreads(int newThreads) {
    return changed(draft -> draft.threads = newThreads);
  }

  /**
   * These options with another bound on the size of the model.
   *
   * @param newLimit most weights, at least 1
   * @return changed copy
   */
  public TrainingOptions withMaxWeights(int newLimit) {
    return changed(draft -> draft.maxWeights = newLimit);
  }

  /**
   * These options with another threshold of back-off.
   *
   * @param newThreshold from 0 to 1
   * @return changed copy
   */
  public TrainingOptions withBackOffThreshold(double newThreshold) {
    return changed(draft -> draft.backOffThreshold = newThreshold);
  }

  private TrainingOptions changed(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return draft.options();
  }

  /** What callers change, as it is until they do. */
  private final class Draft {
    private long seed = TrainingOptions.this.seed;
    private Structure structure = TrainingOptions.this.structure;
    private int folds = TrainingOptions.this.folds;
    private double backOffThreshold = TrainingOptions.this.backOffThreshold;
    private int maxWeights = TrainingOptions.this.maxWeights;
    private int threads = TrainingOptions.this.threads;

    private TrainingOptions options() {
      return new TrainingOptions(
          seed,
          regularisation,
          structure,
          flatLimit,
          beamWidth,
          heldOutShare,
          heldOutLimit,
          folds,
          foldsLimit,
          backOffThreshold,
          maxFeatures,
          maxWeights,
          maxTextChars,
          maxDescriptionChars,
          threads);
    }
  }
}
