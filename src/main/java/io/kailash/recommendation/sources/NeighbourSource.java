package io.kailash.recommendation.sources;

import io.kailash.recommendation.model.WeightedItem;
import java.util.Collection;
import java.util.List;

/** Items around the items of a history, by what a store knows of them. */
public interface NeighbourSource {

  /**
   * Begins to look around the first items of a history, and does not wait.
   *
   * @param strongestFirst only items that count
   */
  Looking around(List<WeightedItem> strongestFirst);

  /**
   * Reads what is not known yet around items that may be asked about, unless others wait for the
   * store. Waits for the answer.
   */
  void prepare(List<String> skus);

  /** Has what is known around items that have changed read anew before long. */
  void changed(Collection<String> skus);

  /** Whether the memory for neighbours is taken, so that reading more would drive others out. */
  boolean isFull();

  /** What is being looked for. */
  interface Looking {
    /**
     * Waits at most until {@code deadlineNanos} of {@link System#nanoTime}, and no longer than the
     * source may take.
     *
     * @param limit at most so many
     */
    Seen get(long deadlineNanos, int limit);
  }

  /**
   * What a source knows.
   *
   * @param found best first
   * @param whole whether it knew about every item it was asked about
   */
  record Seen(List<Found> found, boolean whole) {}
}
