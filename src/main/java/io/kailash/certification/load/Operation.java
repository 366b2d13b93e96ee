package io.kailash.certification.load;

import java.util.List;
import java.util.SplittableRandom;

/** A class of requests: what one is made of, how it is sent, and what a right answer is. */
interface Operation extends AutoCloseable {

  /** Draws the next request; not timed. Each thread has an operation of its own. */
  Request next(SplittableRandom random) throws Exception;

  @Override
  default void close() throws Exception {}

  /** One request, ready to be sent. */
  interface Request {
    /** Sends it and reads the whole answer; timed. What goes wrong on the way is thrown. */
    Answer send() throws Exception;
  }

  /** What came back. */
  interface Answer {
    /** The status, as a code of HTTP or a word. */
    String code();

    /** Received. */
    long bytes();

    /** Sent. */
    long sentBytes();

    /** From sending to the first byte; 0 when that is not known. */
    long firstByteNanos();

    /**
     * What is wrong with the content, in a few words that are the same each time; null: nothing.
     */
    String wrong() throws Exception;

    /** Whether something was left out by a service that said so. */
    default boolean degraded() {
      return false;
    }

    /** Further samples that the same request gave, each by its own name. */
    default List<Further> further() {
      return List.of();
    }

    /** The time to count where it is not all of {@link Request#send}, else 0. */
    default long ownNanos() {
      return 0;
    }
  }

  /** One more sample of the same request. */
  record Further(String name, long nanos) {}

  /** An answer that was looked at by whoever made it. */
  record Looked(
      String code, long bytes, long sentBytes, long ownNanos, String wrong, List<Further> further)
      implements Answer {
    static Looked at(boolean right, String otherwise) {
      return new Looked("OK", 0, 0, 0, right ? null : otherwise, List.of());
    }

    static Looked own(long ownNanos, String wrong) {
      return new Looked("OK", 0, 0, ownNanos, wrong, List.of());
    }

    @Override
    public long firstByteNanos() {
      return further.isEmpty() ? 0 : further.get(0).nanos();
    }
  }
}
