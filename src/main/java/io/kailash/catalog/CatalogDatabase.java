package io.kailash.catalog;

import io.kailash.platform.StoreTimings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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

  private static final String STORE = "postgresql";

  private final DataSource database;
  private final StoreTimings timings;

  @Inject
  CatalogDatabase(DataSource database, StoreTimings timings) {
    this.database = database;
    this.timings = timings;
  }

  /** Takes no times. */
  CatalogDatabase(DataSource database) {
    this(database, null);
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
          long began = System.nanoTime();
          try (PreparedStatement statement = prepared(connection, sql, values);
              ResultSet rows = statement.executeQuery()) {
            List<T> read = new ArrayList<>();
            while (rows.next()) {
              read.add(row.read(rows));
            }
            return read;
          } finally {
            took(sql, began);
          }
        });
  }

  <T> Optional<T> first(String sql, Row<T> row, Object... values) {
    return all(sql, row, values).stream().findFirst();
  }

  int run(String sql, Object... values) {
    return connected(
        connection -> {
          long began = System.nanoTime();
          try (PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
          } finally {
            took(sql, began);
          }
        });
  }

  private void took(String sql, long began) {
    if (timings != null) {
      timings.record(STORE, operation(sql), Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** The class of a statement, by which the stores' times are judged. */
  static String operation(String sql) {
    if (sql.startsWith("select")) {
      return sql.contains(" join ") ? "join" : "select";
    }
    if (sql.startsWith("insert")) {
      return "insert";
    }
    return sql.startsWith("update") ? "update" : "other";
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
