package io.kailash.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits in tests for what becomes true by itself. */
public final class Eventually {
  /** Longer than anything takes on a machine that is busy with other tests. */
  public static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();

  private Eventually() {}

  /**
   * Returns when it is true.
   *
   * @param what is waited for, for the message
   * @throws AssertionError when it has not become true within four minutes
   */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    if (!within(PATIENCE, condition)) {
      throw new AssertionError("waited in vain for " + what);
    }
  }

  /** Whether it became true within a time; it is looked at least once. */
  public static boolean within(Duration longest, Callable<Boolean> condition) throws Exception {
    Instant end = Instant.now().plus(longest);
    while (!condition.call()) {
      if (Instant.now().isAfter(end)) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }
}
