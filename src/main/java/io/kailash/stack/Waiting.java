package io.kailash.stack;

import java.time.Duration;

/** Waits until a server answers, it dies, or the time is over. */
final class Waiting {

  private static final long POLL_MILLIS = 100;

  private Waiting() {}

  /** Whether a server answers; an exception is the reason why it does not yet. */
  @FunctionalInterface
  interface Probe {
    boolean answers() throws Exception;
  }

  /**
   * Returns when the probe answers.
   *
   * @throws StackFailure with the log's last lines, when the process ends or the time is over
   */
  static void until(ServerProcess process, Duration limit, Probe probe)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    Exception last = null;
    while (true) {
      try {
        if (probe.answers()) {
          return;
        }
      } catch (StackFailure | InterruptedException e) {
        throw e;
      } catch (Exception e) {
        last = e;
      }
      if (!process.isAlive()) {
        throw process.failure("ended while it was starting");
      }
      if (System.nanoTime() - deadline > 0) {
        StackFailure failure =
            process.failure(
                "was not ready after "
                    + limit.toSeconds()
                    + " s (kailash.start.seconds)"
                    + (last == null ? "" : ": " + last.getMessage()));
        if (last != null) {
          failure.addSuppressed(last);
        }
        throw failure;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}
