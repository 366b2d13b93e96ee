package io.kailash.transfer.batch;

import io.kailash.jobs.JobKind;
import io.kailash.jobs.JobRun;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Batches of few items. They are a kind of their own, of which any number may run: so they need not
 * wait for their turn one after the other, nor behind a batch of millions.
 */
@Singleton
class SmallBatchJob implements JobKind {
  static final String KIND = "small-batch-classification";

  /** Most items of one. */
  static final int MOST_ITEMS = 1000;

  private final BatchJob batches;

  @Inject
  SmallBatchJob(BatchJob batches) {
    this.batches = batches;
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public int attempts() {
    return batches.attempts();
  }

  @Override
  public Object run(JobRun run) {
    return batches.run(run);
  }
}
