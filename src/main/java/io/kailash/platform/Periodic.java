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
   * Starts a chore; the pause is counted from its end, so it never overlaps itself. A failure is
   * logged and the chore goes on at its next turn.
   */
  public void every(Duration pause, String name, Runnable chore) {
    executor.scheduleWithFixedDelay(
        () -> {
          try {
            chore.run();
          } catch (RuntimeException failure) {
            LOG.log(Level.WARNING, name + " failed; it will be tried again in " + pause, failure);
          }
        },
        pause.toMillis(),
        pause.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  @PreDestroy
  void stop() {
    executor.shutdown();
  }
}
