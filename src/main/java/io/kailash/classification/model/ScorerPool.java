package io.kailash.classification.model;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps a few {@link Scorer}s for reuse. Not one per thread: a server's threads outlive a model,
 * and would keep it in memory. When all are in use, or two threads meet in the same place, a new
 * one is made.
 */
final class ScorerPool {

  private static final int PLACES = 64;

  private final ModelParts parts;
  private final AtomicReferenceArray<Scorer> places = new AtomicReferenceArray<>(PLACES);

  ScorerPool(ModelParts parts) {
    this.parts = parts;
  }

  Scorer take() {
    Scorer scorer = places.getAndSet(place(), null);
    return scorer == null ? parts.scorer() : scorer;
  }

  void giveBack(Scorer scorer) {
    places.set(place(), scorer);
  }

  private static int place() {
    return (int) (Thread.currentThread().getId() & (PLACES - 1));
  }
}
