package io.kailash.classification.model;

import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Keeps {@link Scorer}s for reuse; when all are in use a new one is made, so there are never more
 * than were once in use together. The last given back is the next taken: its buffers are still in
 * the processor's cache. Not one per thread: a server's threads outlive a model, and would keep it
 * in memory.
 */
final class ScorerPool {

  private final ModelParts parts;
  private final ConcurrentLinkedDeque<Scorer> free = new ConcurrentLinkedDeque<>();

  ScorerPool(ModelParts parts) {
    this.parts = parts;
  }

  Scorer take() {
    Scorer scorer = free.pollFirst();
    return scorer == null ? parts.scorer() : scorer;
  }

  void giveBack(Scorer scorer) {
    free.addFirst(scorer);
  }
}
