package io.kailash.catalog;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Statements of this room, on the connection of the transaction at hand where there is one. */
@Singleton
class CatalogDatabase {
  /** Reads the row a result stands on. */
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Something to do with a connection. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private final DataSource database;

  @Inject
  CatalogDatabase(DataSource database) {
    this.database = database;
  }

  <T> T connected(Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.on(connection);
    } catch (SQLException failure) {
      throw new IllegalStateException("a statement of the catalog failed", failure);
    }
  }

  <T> List<T> all(String sql, Row<T> row, Object... values) {
    return connected(
        connection -> {
          try (PreparedStatement statement = prepared(connection, sql, values);
              ResultSet rows = statement.executeQuery()) {
            List<T> read = new ArrayList<>();
            while (rows.next()) {
              read.add(row.read(rows));
            }
            return read;
          }
        });
  }

  <T> Optional<T> first(String sql, Row<T> row, Object... values) {
    return all(sql, row, values).stream().findFirst();
  }

  int run(String sql, Object... values) {
    return connected(
        connection -> {
          try (PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
          }
        });
  }

  static PreparedStatement prepared(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      statement.setObject(
          i + 1, value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
    }
    return statement;
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
