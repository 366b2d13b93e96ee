package io.kailash.recommendation.sources;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Calls something that may fail, hang or be slow, on a bounded number of threads of its own. A call
 * that finds all of them taken is refused after a short queue, one that takes longer than it may is
 * given up; both say so by giving nothing. A failure is logged once per spell of trouble.
 */
public final class Guard implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Guard.class.getName());
  private static final int QUEUED_PER_THREAD = 4;

  private final String name;
  private final long timeoutNanos;
  private final Breaker breaker;
  private final ThreadPoolExecutor threads;
  private final AtomicBoolean inTrouble = new AtomicBoolean();

  /**
   * @param timeout longest wait for one call; a caller in a hurry waits less
   */
  public Guard(
      String name, int threadCount, Duration timeout, Breaker breaker, ThreadFactory factory) {
    this.name = name;
    this.timeoutNanos = timeout.toNanos();
    this.breaker = breaker;
    threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(threadCount * QUEUED_PER_THREAD),
            factory);
    threads.allowCoreThreadTimeOut(true);
  }

  /** A call under way. */
  public final class Call<T> {
    private final Future<T> future;
    private final long began;
    private final AtomicBoolean told;

    private Call(Future<T> future, long began, AtomicBoolean told) {
      this.future = future;
      this.began = began;
      this.told = told;
    }

    /**
     * Waits, at most until {@code deadlineNanos} of {@link System#nanoTime}.
     *
     * @return what came of it; empty where it failed, was refused or takes too long
     */
    public Optional<T> get(long deadlineNanos) {
      if (future == null) {
        return Optional.empty();
      }
      long until = Math.min(deadlineNanos, began + timeoutNanos);
      try {
        return Optional.of(
            future.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS));
      } catch (TimeoutException late) {
        // Not interrupted: what comes late is kept for the next question, and the threads are
        // bounded.
        future.cancel(false);
        // Who gave up sooner than the source's own limit says nothing about the source.
        if (System.nanoTime() - began >= timeoutNanos) {
          tell(told, new TimeoutException("no answer in time"));
        } else {
          told.set(true);
        }
        return Optional.empty();
      } catch (InterruptedException ending) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      } catch (ExecutionException failure) {
        return Optional.empty();
      }
    }
  }

  /** Starts a call, if the breaker and the threads allow it. */
  public <T> Call<T> start(Callable<T> work) {
    long began = System.nanoTime();
    AtomicBoolean told = new AtomicBoolean();
    if (!breaker.lets()) {
      return new Call<>(null, began, told);
    }
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              try {
                T value = work.call();
                if (told.compareAndSet(false, true)) {
                  breaker.succeeded();
                  inTrouble.set(false);
                }
                return value;
              } catch (Exception failure) {
                tell(told, failure);
                throw failure;
              }
            });
    try {
      threads.execute(task);
      return new Call<>(task, began, told);
    } catch (RejectedExecutionException full) {
      // Says that much is asked, not that the source is in trouble.
      return new Call<>(null, began, told);
    }
  }

  /**
   * Runs something without anybody waiting for it here.
   *
   * @param after runs in any case, once: when the work has ended, however it did, or was refused
   */
  void run(Callable<?> work, Runnable after) {
    AtomicBoolean told = new AtomicBoolean();
    if (!breaker.lets()) {
      after.run();
      return;
    }
    long began = System.nanoTime();
    try {
      threads.execute(
          () -> {
            try {
              work.call();
              if (System.nanoTime() - began > timeoutNanos) {
                tell(told, new TimeoutException("no answer in time"));
              } else {
                breaker.succeeded();
                inTrouble.set(false);
              }
            } catch (Exception failure) {
              tell(told, failure);
            } finally {
              after.run();
            }
          });
    } catch (RejectedExecutionException full) {
      after.run();
    }
  }

  private void tell(AtomicBoolean told, Exception failure) {
    if (told.compareAndSet(false, true)) {
      breaker.failed();
      if (inTrouble.compareAndSet(false, true)) {
        LOG.log(Level.WARNING, "{0} is left out: {1}", new Object[] {name, failure.toString()});
      }
    }
  }

  /** Whether its breaker is open. */
  public boolean isOpen() {
    return breaker.isOpen();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
