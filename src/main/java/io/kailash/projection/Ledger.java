package io.kailash.projection;

import io.kailash.access.AuditLog;
import io.kailash.platform.OutboxEvent;
import io.kailash.platform.StoreTimings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** The outbox as it is read, each target's place in it, and what was set aside. */
@Singleton
class Ledger {
  /** Counting further would cost more than the figure is worth. */
  static final int MOST_COUNTED = 100_000;

  private static final int MAX_REASON_CHARS = 500;
  private static final String STORE = "postgresql";

  /**
   * Only what no open transaction can come before any more: transactions commit in another order
   * than they number their rows.
   */
  private static final String SETTLED =
      " (transaction_id, position) > (?::xid8, ?)"
          + " and transaction_id < pg_snapshot_xmin(pg_current_snapshot())";

  private final DataSource database;
  private final StoreTimings timings;
  private final AuditLog audit;

  /**
   * Rows after a place. Ordered by the column, as a number: the bare name would be the text in the
   * list, by which 1000 comes before 999, and which no index helps with.
   */
  static final String AFTER =
      "select transaction_id::text, position, kind, key, version, removed, payload::text, at"
          + " from outbox where"
          + SETTLED
          + " order by outbox.transaction_id, outbox.position limit ?";

  @Inject
  Ledger(DataSource database, StoreTimings timings, AuditLog audit) {
    this.database = database;
    this.audit = audit;
    this.timings = timings;
  }

  /** A place in the order of the outbox. */
  record Place(String transaction, long position) {
    static final Place START = new Place("0", 0);
  }

  /** A row of the outbox. */
  record Row(Place place, OutboxEvent event, Instant at) {}

  /**
   * What a target refused.
   *
   * @param happenedAt when the change was made
   */
  record SetAside(
      long id,
      String target,
      String kind,
      String key,
      long version,
      boolean removed,
      Instant happenedAt,
      int tries,
      String reason,
      Instant setAsideAt) {}

  /**
   * How far a target is.
   *
   * @param held whether any instance carries it
   * @param pending changes it has not taken yet, at most {@link #MOST_COUNTED}
   * @param oldest when the first of them happened; null where there is none
   */
  record Standing(
      String target,
      Place place,
      boolean held,
      String holder,
      Instant holderSince,
      String trouble,
      Instant troubleSince,
      Instant rebuiltAt,
      long pending,
      Instant oldest,
      long setAside) {}

  void register(String target) {
    run("insert into projection_target (name) values (?) on conflict do nothing", target);
  }

  /** Tries to become the one who carries a target, for as long as the connection lives. */
  static boolean lead(Connection own, String target) throws SQLException {
    try (PreparedStatement statement =
        own.prepareStatement(
            "select pg_try_advisory_lock(hashtext('kailash.projection.lead'), hashtext(?))")) {
      statement.setString(1, target);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** Notes that this one carries to a store of its own, beside others who do. */
  static void leadAmongOthers(Connection own, String target) throws SQLException {
    try (PreparedStatement statement =
        own.prepareStatement(
            "select pg_advisory_lock_shared("
                + "hashtext('kailash.projection.lead'), hashtext(?))")) {
      statement.setString(1, target);
      statement.executeQuery().close();
    }
  }

  /** Everything that comes before it can be read in the tables by now. */
  static Place settled(Connection own) throws SQLException {
    try (PreparedStatement statement =
            own.prepareStatement("select pg_snapshot_xmin(pg_current_snapshot())::text");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new Place(row.getString(1), 0);
    }
  }

  /** Waits for the turn to write a target. */
  static void takeTurn(Connection own, String target) throws SQLException {
    turn(own, "pg_advisory_lock", target);
  }

  static void endTurn(Connection own, String target) throws SQLException {
    turn(own, "pg_advisory_unlock", target);
  }

  private static void turn(Connection own, String function, String target) throws SQLException {
    try (PreparedStatement statement =
        own.prepareStatement(
            "select " + function + "(hashtext('kailash.projection.turn'), hashtext(?))")) {
      statement.setString(1, target);
      statement.executeQuery().close();
    }
  }

  static void nameHolder(Connection own, String target, String holder) throws SQLException {
    update(
        own,
        "update projection_target set holder = ?, holder_since = now() where name = ?",
        holder,
        target);
  }

  /** Writes down what is wrong with a target; null where nothing is. */
  static void trouble(Connection own, String target, String trouble) throws SQLException {
    update(
        own,
        "update projection_target set trouble = ?::text, trouble_since ="
            + " case when ?::text is null then null else coalesce(trouble_since, now()) end"
            + " where name = ? and trouble is distinct from ?::text",
        trouble,
        trouble,
        target,
        trouble);
  }

  static Place place(Connection own, String target) throws SQLException {
    try (PreparedStatement select =
        own.prepareStatement(
            "select transaction_id::text, position from projection_target where name = ?")) {
      select.setString(1, target);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? new Place(row.getString(1), row.getLong(2)) : Place.START;
      }
    }
  }

  /** Whether a target has never been rebuilt and has not carried anything either. */
  static boolean neverFilled(Connection own, String target) throws SQLException {
    try (PreparedStatement select =
        own.prepareStatement(
            "select rebuilt_at is null and transaction_id = '0' and position = 0"
                + " from projection_target where name = ?")) {
      select.setString(1, target);
      try (ResultSet row = select.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /** The next settled rows after a place, in their order. */
  List<Row> after(Connection own, Place place, int limit) throws SQLException {
    long began = System.nanoTime();
    try (PreparedStatement select = own.prepareStatement(AFTER)) {
      select.setString(1, place.transaction());
      select.setLong(2, place.position());
      select.setInt(3, limit);
      List<Row> rows = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(
              new Row(
                  new Place(row.getString(1), row.getLong(2)),
                  new OutboxEvent(
                      row.getString(3),
                      row.getString(4),
                      row.getLong(5),
                      row.getBoolean(6),
                      row.getString(7)),
                  row.getObject(8, OffsetDateTime.class).toInstant()));
        }
      }
      return rows;
    } finally {
      timings.record(STORE, "select", Duration.ofNanos(System.nanoTime() - began));
    }
  }

  void passed(Connection own, String target, Place place) throws SQLException {
    long began = System.nanoTime();
    update(
        own,
        "update projection_target set transaction_id = ?::xid8, position = ? where name = ?",
        place.transaction(),
        place.position(),
        target);
    timings.record(STORE, "update", Duration.ofNanos(System.nanoTime() - began));
  }

  /** Keeps a refused change and goes past it, both or neither. */
  static void setAside(Connection own, String target, Row row, int tries, String reason)
      throws SQLException {
    OutboxEvent event = row.event();
    update(
        own,
        "with aside as (insert into projection_set_aside (target, position, kind, key, version,"
            + " removed, payload, happened_at, tries, reason, at)"
            + " values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, now())"
            + " on conflict (target, position) do update"
            + " set tries = excluded.tries, reason = excluded.reason, at = excluded.at)"
            + " update projection_target set transaction_id = ?::xid8, position = ?"
            + " where name = ?",
        target,
        row.place().position(),
        event.kind(),
        event.key(),
        event.version(),
        event.removed(),
        event.payload(),
        row.at().atOffset(ZoneOffset.UTC),
        tries,
        cut(reason),
        row.place().transaction(),
        row.place().position(),
        target);
  }

  /** What was set aside about things that are gone since is of no use to anybody. */
  static void forget(Connection own, String target, List<OutboxEvent> removed) throws SQLException {
    for (OutboxEvent event : removed) {
      update(
          own,
          "delete from projection_set_aside where target = ? and kind = ? and key = ?",
          target,
          event.kind(),
          event.key());
    }
  }

  /** What was set aside, newest first. */
  List<SetAside> setAside(int limit) {
    return all(
        "select id, target, kind, key, version, removed, happened_at, tries, reason, at"
            + " from projection_set_aside order by id desc limit ?",
        row ->
            new SetAside(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getBoolean(6),
                instant(row, 7),
                row.getInt(8),
                row.getString(9),
                instant(row, 10)),
        limit);
  }

  /** The change that was set aside under an id of a target. */
  Optional<OutboxEvent> aside(String target, long id) {
    return all(
            "select kind, key, version, removed, payload::text from projection_set_aside"
                + " where target = ? and id = ?",
            row ->
                new OutboxEvent(
                    row.getString(1),
                    row.getString(2),
                    row.getLong(3),
                    row.getBoolean(4),
                    row.getString(5)),
            target,
            id)
        .stream()
        .findFirst();
  }

  /**
   * Notes what came of another try of a change that was set aside.
   *
   * @param refusal why it was refused again; null where it was taken
   */
  @Transactional
  void tried(String actor, String target, long id, String refusal) {
    if (refusal == null) {
      run("delete from projection_set_aside where id = ?", id);
    } else {
      run(
          "update projection_set_aside set tries = tries + 1, reason = ?, at = now() where id = ?",
          cut(refusal),
          id);
    }
    audit.record(
        actor, "projection.retry", target, Map.of("set_aside", id, "taken", refusal == null));
  }

  void rebuilt(String target) {
    run("update projection_target set rebuilt_at = now() where name = ?", target);
  }

  /** How far each target is. */
  List<Standing> standings() {
    return all(
        "select t.name, t.transaction_id::text, t.position,"
            + " exists (select 1 from pg_locks l join pg_database d on d.oid = l.database"
            + " where d.datname = current_database() and l.locktype = 'advisory' and l.granted"
            + " and l.classid = ('x' || lpad(to_hex(hashtext('kailash.projection.lead')), 8, '0'))"
            + "::bit(32)::int::oid"
            + " and l.objid = ('x' || lpad(to_hex(hashtext(t.name)), 8, '0'))::bit(32)::int::oid),"
            + " t.holder, t.holder_since, t.trouble, t.trouble_since, t.rebuilt_at,"
            + " p.pending, p.oldest,"
            + " (select count(*) from projection_set_aside s where s.target = t.name)"
            + " from projection_target t cross join lateral (select count(*) as pending,"
            + " min(o.at) as oldest from (select at from outbox"
            + " where (transaction_id, position) > (t.transaction_id, t.position)"
            + " order by transaction_id, position limit "
            + MOST_COUNTED
            + ") o) p order by t.name",
        row ->
            new Standing(
                row.getString(1),
                new Place(row.getString(2), row.getLong(3)),
                row.getBoolean(4),
                row.getString(5),
                instant(row, 6),
                row.getString(7),
                instant(row, 8),
                instant(row, 9),
                row.getLong(10),
                instant(row, 11),
                row.getLong(12)));
  }

  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> all(String sql, Reader<T> reader, Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, values);
      List<T> read = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          read.add(reader.read(rows));
        }
      }
      return read;
    } catch (SQLException failure) {
      throw new IllegalStateException("the places of the targets cannot be read", failure);
    }
  }

  private void run(String sql, Object... values) {
    try (Connection connection = database.getConnection()) {
      update(connection, sql, values);
    } catch (SQLException failure) {
      throw new IllegalStateException("a target's place cannot be written", failure);
    }
  }

  private static void update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, values);
      statement.executeUpdate();
    }
  }

  private static void set(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        statement.setNull(i + 1, Types.VARCHAR);
      } else {
        statement.setObject(i + 1, values[i]);
      }
    }
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  private static String cut(String reason) {
    return reason.length() <= MAX_REASON_CHARS ? reason : reason.substring(0, MAX_REASON_CHARS);
  }
}
