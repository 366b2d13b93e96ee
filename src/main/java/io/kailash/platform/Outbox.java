package io.kailash.platform;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/**
 * Takes note of changes in the transaction that makes them: either both are kept or neither. What
 * is noted here reaches every derived store, later and at least once.
 */
@Singleton
public class Outbox {

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
  }
}
