package io.kailash.recommendation.sources;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Circuit breaker over the last calls: closed, it lets all through; when half of the last {@value
 * #WINDOW} (and at least {@value #LEAST}) have failed it opens and lets none through; after a while
 * one is let through to try, and its outcome closes or opens it again. Safe for many threads.
 */
public final class Breaker {
  static final int WINDOW = 20;
  static final int LEAST = 10;

  /** A trial that never tells is given up after as many pauses. */
  private static final int PAUSES_OF_A_TRIAL = 5;

  private final LongSupplier nanoTime;
  private final long pauseNanos;
  private final boolean[] failed = new boolean[WINDOW];
  private int next;
  private int known;
  private int failures;
  private boolean open;
  private boolean trying;
  private long since;

  /**
   * @param pause how long it stays open before it tries
   * @param nanoTime a clock that only goes forward, in nanoseconds
   */
  public Breaker(Duration pause, LongSupplier nanoTime) {
    this.pauseNanos = pause.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Whether a call may be made; who is let through must tell how it went. */
  public synchronized boolean lets() {
    if (!open) {
      return true;
    }
    long waited = nanoTime.getAsLong() - since;
    if (trying ? waited >= pauseNanos * PAUSES_OF_A_TRIAL : waited >= pauseNanos) {
      trying = true;
      since = nanoTime.getAsLong();
      return true;
    }
    return false;
  }

  /** A call went well. */
  public synchronized void succeeded() {
    if (open) {
      open = false;
      trying = false;
      known = 0;
      failures = 0;
    }
    note(false);
  }

  /** A call failed, or took too long. */
  public synchronized void failed() {
    note(true);
    if (open || (known >= LEAST && failures * 2 >= known)) {
      open = true;
      trying = false;
      since = nanoTime.getAsLong();
    }
  }

  /** Whether it keeps calls back. */
  public synchronized boolean isOpen() {
    return open;
  }

  private void note(boolean failure) {
    if (known == WINDOW) {
      failures -= failed[next] ? 1 : 0;
    } else {
      known++;
    }
    failed[next] = failure;
    failures += failure ? 1 : 0;
    next = (next + 1) % WINDOW;
  }
}
