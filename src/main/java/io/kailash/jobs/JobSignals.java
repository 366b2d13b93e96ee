package io.kailash.jobs;

import jakarta.annotation.Resource;
import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells within this instance, after commit, that work is there and that a job has changed. */
@Singleton
class JobSignals {
  private final List<Runnable> onWork = new CopyOnWriteArrayList<>();
  private final List<Consumer<UUID>> onChange = new CopyOnWriteArrayList<>();

  /** Null without a container; then there is no transaction to wait for. */
  @Resource TransactionSynchronizationRegistry transactions;

  /** Listeners are quick and never fail: they run in the thread that commits. */
  void onWork(Runnable listener) {
    onWork.add(listener);
  }

  void onChange(Consumer<UUID> listener) {
    onChange.add(listener);
  }

  void workIsThere() {
    afterCommit(() -> onWork.forEach(Runnable::run));
  }

  void changed(UUID job) {
    afterCommit(() -> onChange.forEach(listener -> listener.accept(job)));
  }

  private void afterCommit(Runnable telling) {
    if (transactions == null || transactions.getTransactionStatus() != Status.STATUS_ACTIVE) {
      telling.run();
      return;
    }
    transactions.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {
            // Nothing is told of what may yet be undone.
          }

          @Override
          public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
              telling.run();
            }
          }
        });
  }
}
