package io.kailash.projection;

import io.kailash.platform.OutboxEvent;
import java.util.List;
import java.util.Optional;

/**
 * Writes one derived store. Every bean of this kind is a target: it gets a relay, a place in the
 * outbox, a rebuild and a check.
 *
 * <p>No two calls for one target run at the same time on any instance, except {@link #differences}
 * and what a rebuild does outside {@link Turns#take}. So a state that is read and written in one
 * call is never older than one that is there already.
 */
interface Projector {
  /** Name of the target, by which it is shown and keeps its place; never changes. */
  String target();

  /** The store that must answer, as the watch of the stores calls it; empty where none is asked. */
  Optional<String> store();

  /**
   * Whether each instance has a store of its own, so that every instance carries to its own. It is
   * brought to the state of the tables by {@link #prepare} whenever the instance starts.
   */
  default boolean isOfEachInstance() {
    return false;
  }

  /**
   * Makes the store ready to be written: called before the first change and again after it was
   * down.
   *
   * @return true where the store has lost what it held, or never held it, and is to be rebuilt
   * @throws TargetDownException where it is not reached
   */
  boolean prepare();

  /**
   * Carries changes on, in their order; of kinds that do not concern it, it does nothing. May be
   * called again with the same changes, or with older ones.
   *
   * @throws TargetDownException where the store, or what is read for it, is not reached
   * @throws RuntimeException where it can make nothing of a change
   */
  void apply(List<OutboxEvent> events);

  /**
   * Brings everything in the store to the state of the tables and removes what is not in them,
   * while changes go on being carried between its turns.
   */
  void rebuild(Turns turns);

  /**
   * Compares the store with the tables.
   *
   * @param wanted at most how many differences are named of each part
   */
  List<Comparison> differences(int wanted);

  /** How a rebuild gets its turns at the target. */
  interface Turns {
    /** Runs {@code write} while nobody else writes this target. */
    void take(Runnable write);

    /**
     * Tells how far the rebuild is, and ends it where somebody wants that.
     *
     * @param fractionDone from 0 to 1
     */
    void at(String phase, double fractionDone);
  }
}
