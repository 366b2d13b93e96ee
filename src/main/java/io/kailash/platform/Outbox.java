package io.kailash.platform;

import jakarta.annotation.Resource;
import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Takes note of changes in the transaction that makes them: either both are kept or neither. What
 * is noted here reaches every derived store, later and at least once.
 */
@Singleton
public class Outbox {
  private final List<Runnable> whenCommitted = new CopyOnWriteArrayList<>();

  @Resource TransactionSynchronizationRegistry transactions;

  /**
   * Notes changes.
   *
   * @param connection the one of the transaction that makes the changes
   */
  public void add(Connection connection, List<OutboxEvent> events) throws SQLException {
    if (events.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into outbox (kind, key, version, removed, payload)"
                + " values (?, ?, ?, ?, ?::jsonb)")) {
      for (OutboxEvent event : events) {
        insert.setString(1, event.kind());
        insert.setString(2, event.key());
        insert.setLong(3, event.version());
        insert.setBoolean(4, event.removed());
        if (event.payload() == null) {
          insert.setNull(5, Types.VARCHAR);
        } else {
          insert.setString(5, event.payload());
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
    noted();
  }

  /**
   * To be called where a statement of the caller's own has added rows to the outbox in the
   * transaction at hand, so that they are carried on as soon as it has committed. Without this they
   * are found a moment later.
   */
  public void noted() {
    if (transactions == null
        || transactions.getTransactionKey() == null
        || transactions.getResource(this) != null) {
      return;
    }
    transactions.putResource(this, this);
    transactions.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {
            // Nobody is told of what may still be undone.
          }

          @Override
          public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
              whenCommitted.forEach(Runnable::run);
            }
          }
        });
  }

  /**
   * Has something done after every transaction of this process that noted a change.
   *
   * @param listener quick, and failing never: it runs in the caller's thread
   */
  public void whenCommitted(Runnable listener) {
    whenCommitted.add(listener);
  }
}
