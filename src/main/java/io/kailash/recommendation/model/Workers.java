package io.kailash.recommendation.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Shares work of many independent parts among threads; asks between the parts whether to stop. */
final class Workers {

  private static final int MOST_AT_ONCE = 64;

  private final int threads;
  private final RecommenderProgress progress;

  Workers(int threads, RecommenderProgress progress) {
    this.threads = threads;
    this.progress = progress;
  }

  void stopIfCancelled(String phase) {
    if (progress.cancelled()) {
      throw new TrainingCancelledException(phase);
    }
  }

  /** Does the parts 0 to {@code parts - 1}, each once, in any order. */
  void each(String phase, int parts, Supplier<IntConsumer> workerOfThread) {
    int used = Math.min(threads, Math.max(1, parts));
    int atOnce = Math.min(MOST_AT_ONCE, Math.max(1, parts / (used * 8)));
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable work =
        () -> {
          try {
            IntConsumer worker = workerOfThread.get();
            for (int from = next.getAndAdd(atOnce);
                from < parts && failure.get() == null;
                from = next.getAndAdd(atOnce)) {
              stopIfCancelled(phase);
              for (int part = from; part < Math.min(parts, from + atOnce); part++) {
                worker.accept(part);
              }
            }
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          }
        };
    List<Thread> others = new ArrayList<>();
    for (int t = 1; t < used; t++) {
      Thread thread = new Thread(work, "recommender-training-" + t);
      thread.setDaemon(true);
      thread.start();
      others.add(thread);
    }
    work.run();
    boolean interrupted = false;
    for (Thread thread : others) {
      while (true) {
        try {
          thread.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          failure.compareAndSet(null, new TrainingCancelledException(phase));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable thrown = failure.get();
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw (RuntimeException) thrown;
    }
  }
}
