package io.kailash.platform;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs small chores again and again on the container's threads until the service stops.
 *
 * <p>The threads are not the server's default scheduled executor: as the server ships, that has one
 * thread for the whole service, and a chore that waits for a lost store would hold up all others.
 */
@Singleton
public class Periodic {
  private static final Logger LOG = Logger.getLogger(Periodic.class.getName());

  /** More than there are chores; a thread is made only when a chore is added. */
  private static final int THREADS = 32;

  private ScheduledThreadPoolExecutor executor;

  @Resource ManagedThreadFactory threads;

  @PostConstruct
  void open() {
    executor = new ScheduledThreadPoolExecutor(THREADS, threads);
    executor.setRemoveOnCancelPolicy(true);
  }

  /**
   * Starts a chore; the pause is counted from its end, so it never overlaps itself. After a failure
   * the chore goes on at its next turn. The first failure of a row is logged whole, further ones
   * are counted, and the end of the row is told with their number.
   */
  public void every(Duration pause, String name, Runnable chore) {
    executor.scheduleWithFixedDelay(
        new Turn(pause, name, chore), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Runs a chore soon, and again after each pause until it has succeeded once. Failures are logged
   * as those of {@link #every}.
   */
  public void once(Duration pause, String name, Runnable chore) {
    executor.execute(
        new Turn(pause, name, chore) {
          @Override
          public void run() {
            if (!succeeds() && !executor.isShutdown()) {
              executor.schedule(this, pause.toMillis(), TimeUnit.MILLISECONDS);
            }
          }
        });
  }

  /** One chore; run by one thread at a time. */
  private static class Turn implements Runnable {
    private final Duration pause;
    private final String name;
    private final Runnable chore;
    private int failures;

    Turn(Duration pause, String name, Runnable chore) {
      this.pause = pause;
      this.name = name;
      this.chore = chore;
    }

    @Override
    public void run() {
      succeeds();
    }

    boolean succeeds() {
      try {
        chore.run();
      } catch (RuntimeException failure) {
        if (failures++ == 0) {
          LOG.log(Level.WARNING, name + " failed; it is tried again every " + pause, failure);
        }
        return false;
      }
      if (failures > 0) {
        LOG.info(name + " works again after " + failures + " failures in a row");
        failures = 0;
      }
      return true;
    }
  }

  @PreDestroy
  void stop() {
    executor.shutdown();
  }
}
