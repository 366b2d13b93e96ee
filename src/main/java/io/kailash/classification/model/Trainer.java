package io.kailash.classification.model;

import java.time.Clock;
import java.util.Objects;

/** Learns a {@link ClassifierModel} from labelled items. */
public final class Trainer {

  private final Clock clock;

  /**
   * A trainer.
   *
   * @param clock tells when a training ended, for the model's description
   */
  public Trainer(Clock clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Trains a model. Takes seconds to an hour, and runs {@link TrainingOptions#threads()} threads.
   *
   * @param tree the categories
   * @param examples read several times; examples whose category is not in the tree are skipped and
   *     counted
   * @param options how to train
   * @param progress told how far it is
   * @return the model and its measured quality
   * @throws TooFewExamplesException if fewer than two categories have examples
   * @throws TrainingCancelledException if {@code progress} asked to stop
   */
  public TrainedModel train(
      CategoryTree tree,
      ExampleSource examples,
      TrainingOptions options,
      TrainingProgress progress) {
    throw new UnsupportedOperationException("to come at " + clock);
  }
}
