package io.kailash.platform;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs small chores again and again on the container's threads until the service stops. */
@Singleton
public class Periodic {
  private static final Logger LOG = Logger.getLogger(Periodic.class.getName());

  private final List<ScheduledFuture<?>> chores = new CopyOnWriteArrayList<>();

  @Resource ManagedScheduledExecutorService executor;

  /**
   * Starts a chore; the pause is counted from its end, so it never overlaps itself. A failure is
   * logged and the chore goes on at its next turn.
   */
  public void every(Duration pause, String name, Runnable chore) {
    chores.add(
        executor.scheduleWithFixedDelay(
            () -> {
              try {
                chore.run();
              } catch (RuntimeException failure) {
                LOG.log(
                    Level.WARNING, name + " failed; it will be tried again in " + pause, failure);
              }
            },
            pause.toMillis(),
            pause.toMillis(),
            TimeUnit.MILLISECONDS));
  }

  @PreDestroy
  void stop() {
    chores.forEach(chore -> chore.cancel(false));
  }
}
