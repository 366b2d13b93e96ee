package io.kailash.projection;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The outbox is one table per day (UTC): made ahead, and dropped as a whole when every target has
 * passed all of it and it is old enough. What falls between the days' tables is in {@code
 * outbox_rest}, and deleted from there.
 */
@Singleton
class OutboxPartitions {
  private static final Logger LOG = Logger.getLogger(OutboxPartitions.class.getName());
  private static final int DAYS_AHEAD = 2;
  private static final String PREFIX = "outbox_2";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'outbox_'uuuuMMdd", Locale.ROOT);
  private static final String UNPASSED =
      " exists (select 1 from projection_target t where (o.transaction_id, o.position)"
          + " > (t.transaction_id, t.position))";

  private final DataSource database;
  private final Clock clock;

  @Inject
  OutboxPartitions(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Makes the tables of today and the next days, and drops those that nobody needs any more.
   *
   * @param targets of this instance; another that was left behind longer than {@code retention} is
   *     forgotten with what it did not pass, and is rebuilt should it come back
   */
  void keep(Duration retention, List<String> targets) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      List<String> there = names(statement);
      for (int i = 0; i <= DAYS_AHEAD; i++) {
        LocalDate day = today.plusDays(i);
        if (!there.contains(NAME.format(day))) {
          make(statement, day);
        }
      }
      LocalDate keptFrom = LocalDate.ofInstant(clock.instant().minus(retention), ZoneOffset.UTC);
      for (String name : there) {
        if (day(name).isBefore(keptFrom)) {
          forgetOthers(connection, name, targets);
          dropIfPassed(statement, name);
        }
      }
      statement.executeUpdate(
          "delete from outbox_rest o where o.at < '"
              + keptFrom
              + " 00:00:00+00' and not"
              + UNPASSED);
    } catch (SQLException failure) {
      throw new IllegalStateException("the outbox's tables could not be kept", failure);
    }
  }

  private static List<String> names(Statement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery(
            "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                + " where i.inhparent = 'outbox'::regclass order by c.relname")) {
      while (row.next()) {
        if (row.getString(1).startsWith(PREFIX)) {
          names.add(row.getString(1));
        }
      }
    }
    return names;
  }

  private static LocalDate day(String name) {
    try {
      return LocalDate.parse(name, NAME);
    } catch (DateTimeParseException notOurs) {
      return LocalDate.MAX;
    }
  }

  private static void make(Statement statement, LocalDate day) throws SQLException {
    try {
      alone(
          statement,
          "create table "
              + NAME.format(day)
              + " partition of outbox for values from ('"
              + day
              + " 00:00:00+00') to ('"
              + day.plusDays(1)
              + " 00:00:00+00')");
    } catch (SQLException refused) {
      // Another instance made it, or rows of that day are in the rest already, which serves.
      LOG.log(
          Level.FINE,
          refused,
          () -> "the outbox of " + day + " has no table of its own for the time being");
    }
  }

  private static void forgetOthers(Connection connection, String name, List<String> targets)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "delete from projection_target t where name <> all (?) and exists (select 1 from "
                + name
                + " o where (o.transaction_id, o.position) > (t.transaction_id, t.position))")) {
      delete.setArray(1, connection.createArrayOf("text", targets.toArray()));
      delete.executeUpdate();
    }
  }

  private static void dropIfPassed(Statement statement, String name) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "select exists (select 1 from " + name + " o where" + UNPASSED + ")")) {
      row.next();
      if (row.getBoolean(1)) {
        LOG.log(Level.WARNING, "{0} is kept: a target has not passed it yet", name);
        return;
      }
    }
    try {
      alone(statement, "drop table " + name);
      LOG.log(Level.INFO, "{0} was dropped: every target has passed it", name);
    } catch (SQLException busy) {
      LOG.log(Level.FINE, busy, () -> name + " could not be dropped now; it will be tried again");
    }
  }

  /** Without waiting long for a lock that all writers would then wait behind. */
  private static void alone(Statement statement, String sql) throws SQLException {
    statement.execute("set lock_timeout = '2s'");
    try {
      statement.execute(sql);
    } finally {
      statement.execute("reset lock_timeout");
    }
  }
}
