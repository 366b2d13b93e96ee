package io.kailash.recommendation;

import io.kailash.recommendation.InteractionDraft.Checked;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Writes interactions that come singly: those that come while a transaction is under way share the
 * next one, so that a commit is paid once for all of them. Nobody waits for company: who comes
 * alone is written at once.
 */
final class SingleInteractions {
  private static final int MOST_AT_ONCE = 500;

  private final Function<List<Checked>, Set<UUID>> write;
  private final Queue<Place> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock writing = new ReentrantLock();

  /** One that waits; what came of it is written and read under the lock. */
  private static final class Place {
    private final Checked draft;
    private boolean over;
    private boolean fresh;
    private RuntimeException failure;

    Place(Checked draft) {
      this.draft = draft;
    }
  }

  /**
   * Writes nothing yet.
   *
   * @param write stores interactions in a transaction; returns the events that were new
   */
  SingleInteractions(Function<List<Checked>, Set<UUID>> write) {
    this.write = write;
  }

  /**
   * Stores one. Returns once it is committed; may write those of other threads too.
   *
   * @return whether it was new
   * @throws RuntimeException where its transaction failed; then nothing of it is stored
   */
  boolean add(Checked draft) {
    Place own = new Place(draft);
    waiting.add(own);
    writing.lock();
    try {
      while (!own.over) {
        writeNext();
      }
    } finally {
      writing.unlock();
    }
    if (own.failure != null) {
      // With the trace of the caller as well: the failure itself may be many callers'.
      throw new IllegalStateException("cannot store an interaction", own.failure);
    }
    return own.fresh;
  }

  private void writeNext() {
    List<Place> places = new ArrayList<>();
    for (Place next = waiting.poll(); next != null; next = waiting.poll()) {
      places.add(next);
      if (places.size() == MOST_AT_ONCE) {
        break;
      }
    }
    try {
      // Of the same interaction twice in one transaction only the first is new.
      Set<UUID> fresh =
          new HashSet<>(write.apply(places.stream().map(place -> place.draft).toList()));
      places.forEach(place -> place.fresh = fresh.remove(place.draft.event()));
    } catch (RuntimeException failed) {
      places.forEach(place -> place.failure = failed);
    } finally {
      places.forEach(place -> place.over = true);
    }
  }
}
