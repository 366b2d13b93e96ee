package io.kailash.transfer.batch;

import java.io.IOException;
import java.util.List;

/** Where a job's items come from, in an order that does not change. */
abstract class BatchSource implements AutoCloseable {
  private long place;
  private long number;

  /**
   * Begins where another left off.
   *
   * @param number of the item before that place
   */
  BatchSource(long place, long number) {
    this.place = place;
    this.number = number;
  }

  /** The next items, at most so many; empty at the end. */
  abstract List<BatchLine> next(int limit) throws IOException;

  /** How many items there are in all; -1 where that is not known. */
  abstract long total();

  /** Where to go on after what was last handed out. */
  final long place() {
    return place;
  }

  /** The number of what was last handed out. */
  final long number() {
    return number;
  }

  /** Notes that what comes before a place was handed out, the last of it under a number. */
  final void passed(long newPlace, long newNumber) {
    place = newPlace;
    number = newNumber;
  }

  @Override
  public abstract void close() throws IOException;
}
