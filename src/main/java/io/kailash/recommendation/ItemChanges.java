package io.kailash.recommendation;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import javax.sql.DataSource;

/**
 * Looks into the outbox for items that have changed, on every instance by itself, and tells what is
 * kept in memory. A transaction that was open at the last look is looked at again, so none is
 * missed, in whatever order they commit.
 */
@Singleton
class ItemChanges {
  private static final int MANY = 10_000;

  private final DataSource database;
  private final ItemCards cards;
  private final Candidates candidates;
  private String from;

  @Inject
  ItemChanges(DataSource database, ItemCards cards, Candidates candidates) {
    this.database = database;
    this.cards = cards;
    this.candidates = candidates;
  }

  synchronized void look() {
    try (Connection connection = database.getConnection()) {
      String next;
      try (PreparedStatement select =
              connection.prepareStatement("select pg_snapshot_xmin(pg_current_snapshot())::text");
          ResultSet row = select.executeQuery()) {
        row.next();
        next = row.getString(1);
      }
      if (from != null) {
        read(connection);
      }
      from = next;
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot look for changed items", failure);
    }
  }

  private void read(Connection connection) throws SQLException {
    List<String> changed = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select key from outbox where transaction_id >= ?::text::xid8 and kind = 'item' limit ?")) {
      select.setString(1, from);
      select.setInt(2, MANY);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          changed.add(row.getString(1));
        }
      }
    }
    if (changed.size() == MANY) {
      cards.allChanged();
      candidates.allChanged();
    } else {
      cards.changed(changed);
      if (!changed.isEmpty()) {
        candidates.changed(new HashSet<>(changed));
      }
    }
  }
}
