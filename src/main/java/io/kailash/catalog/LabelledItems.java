package io.kailash.catalog;

import jakarta.inject.Singleton;
import java.util.function.Consumer;

/** What there is to learn from. */
@Singleton
public class LabelledItems {
  /**
   * Hands every labelled item of a taxonomy to {@code consumer}, as of one moment, in an order that
   * does not change. Rows are fetched as they are consumed, so any number fits into memory; the
   * transaction stays open meanwhile, so the consumer should not dawdle.
   */
  public void forEach(long taxonomyId, Consumer<LabelledItem> consumer) {
    throw new UnsupportedOperationException("not yet");
  }

  /** How many items of the taxonomy have a label. */
  public long count(long taxonomyId) {
    throw new UnsupportedOperationException("not yet");
  }
}
