package io.kailash.recommendation;

import io.kailash.access.AuditLog;
import io.kailash.platform.Cursor;
import io.kailash.platform.Outbox;
import io.kailash.platform.OutboxEvent;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import io.kailash.platform.StoreTimings;
import io.kailash.recommendation.InteractionDraft.Checked;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The table of interactions: adds, reads and forgets them. */
@Singleton
public class Interactions {
  private static final int FETCHED_AT_ONCE = 10_000;
  private static final String COLUMNS = "id, user_id, sku, kind, value, at";

  /** Ordered by event, so that two writers of the same interactions never wait for each other. */
  private static final String INSERT =
      "with fresh as (insert into interaction (event, user_id, sku, kind, value, at, received_at)"
          + " select distinct on (n.event) n.event, n.user_id, n.sku, n.kind, n.value,"
          + " n.at::timestamptz, ?"
          + " from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::real[], ?::text[])"
          + " as n (event, user_id, sku, kind, value, at) order by n.event"
          + " on conflict (event) do nothing returning "
          + COLUMNS
          + ", event), noted as (insert into outbox (kind, key, version, payload)"
          + " select 'interaction', user_id, id, jsonb_build_object('user', user_id, 'sku', sku,"
          + " 'kind', kind, 'value', value, 'at',"
          + " to_char(at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))"
          + " from fresh order by id) select "
          + COLUMNS
          + ", event from fresh order by id";

  private final DataSource database;
  private final Outbox outbox;
  private final AuditLog audit;
  private final StoreTimings timings;
  private final Clock clock;

  @Inject
  Interactions(
      DataSource database, Outbox outbox, AuditLog audit, StoreTimings timings, Clock clock) {
    this.database = database;
    this.outbox = outbox;
    this.audit = audit;
    this.timings = timings;
    this.clock = clock;
  }

  /**
   * Adds what is not there yet, with its outbox events, in one transaction.
   *
   * @return what was new, by its event, in the order of the ids
   */
  @Transactional
  Map<UUID, InteractionSeen> add(List<Checked> drafts) {
    if (drafts.isEmpty()) {
      return Map.of();
    }
    long began = System.nanoTime();
    try (Connection connection = database.getConnection();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
      insert.setArray(2, array(connection, "uuid", drafts, d -> d.event().toString()));
      insert.setArray(3, array(connection, "text", drafts, Checked::user));
      insert.setArray(4, array(connection, "text", drafts, Checked::sku));
      insert.setArray(5, array(connection, "text", drafts, d -> InteractionSeen.text(d.kind())));
      insert.setArray(6, array(connection, "float4", drafts, Checked::value));
      insert.setArray(7, array(connection, "text", drafts, d -> d.at().toString()));
      Map<UUID, InteractionSeen> fresh = new LinkedHashMap<>();
      try (ResultSet row = insert.executeQuery()) {
        while (row.next()) {
          fresh.put(row.getObject(7, UUID.class), seen(row));
        }
      }
      timings.record("postgresql", "insert", Duration.ofNanos(System.nanoTime() - began));
      return fresh;
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot store interactions", failure);
    }
  }

  private static java.sql.Array array(
      Connection connection,
      String type,
      List<Checked> drafts,
      java.util.function.Function<Checked, Object> value)
      throws SQLException {
    return connection.createArrayOf(type, drafts.stream().map(value).toArray());
  }

  private static List<InteractionSeen> read(PreparedStatement select) throws SQLException {
    List<InteractionSeen> found = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        found.add(seen(row));
      }
    }
    return found;
  }

  private static InteractionSeen seen(ResultSet row) throws SQLException {
    return new InteractionSeen(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        InteractionSeen.kind(row.getString(4)),
        row.getObject(5) == null ? null : (double) row.getFloat(5),
        row.getObject(6, OffsetDateTime.class).toInstant());
  }

  /** The latest of one user, newest first. */
  List<InteractionSeen> latest(String user, int limit) {
    long began = System.nanoTime();
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select "
                    + COLUMNS
                    + " from interaction where user_id = ? order by at desc, id desc limit ?")) {
      select.setString(1, user);
      select.setInt(2, limit);
      List<InteractionSeen> found = read(select);
      timings.record("postgresql", "select", Duration.ofNanos(System.nanoTime() - began));
      return found;
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot read interactions", failure);
    }
  }

  /** All of one user, newest first, page by page. */
  Page<InteractionSeen> page(String user, String cursor, int limit) {
    String[] place = cursor == null ? null : Cursor.read(cursor, 2);
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select "
                    + COLUMNS
                    + " from interaction where user_id = ?"
                    + (place == null ? "" : " and (at, id) < (?, ?)")
                    + " order by at desc, id desc limit ?")) {
      select.setString(1, user);
      if (place != null) {
        select.setObject(2, Instant.parse(place[0]).atOffset(ZoneOffset.UTC));
        select.setLong(3, Long.parseLong(place[1]));
      }
      select.setInt(place == null ? 2 : 4, limit + 1);
      List<InteractionSeen> found = read(select);
      List<InteractionSeen> shown = List.copyOf(found.subList(0, Math.min(limit, found.size())));
      if (found.size() <= limit) {
        return new Page<>(shown, null);
      }
      InteractionSeen last = shown.get(limit - 1);
      return new Page<>(shown, Cursor.of(last.at().toString(), Long.toString(last.id())));
    } catch (java.time.format.DateTimeParseException | NumberFormatException notOurs) {
      throw ProblemException.invalid("?cursor", "is not a cursor of this list");
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot read interactions", failure);
    }
  }

  /**
   * Forgets a person: interactions, what was shown to them and what they said of it.
   *
   * @return how many interactions there were
   */
  @Transactional
  long forget(String user, String actor) {
    try (Connection connection = database.getConnection()) {
      long newest;
      try (PreparedStatement select =
              connection.prepareStatement("select coalesce(max(id), 0) from interaction");
          ResultSet row = select.executeQuery()) {
        row.next();
        newest = row.getLong(1);
      }
      long removed = delete(connection, "delete from interaction where user_id = ?", user);
      delete(connection, "delete from recommendation_shown where user_id = ?", user);
      outbox.add(connection, List.of(OutboxEvent.removed(InteractionSeen.EVENT, user, newest)));
      // The audit log says that somebody was forgotten, not who.
      audit.record(actor, "interactions.forget", "user", Map.of("interactions", removed));
      return removed;
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot forget a user", failure);
    }
  }

  private static long delete(Connection connection, String sql, String user) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setString(1, user);
      return delete.executeUpdate();
    }
  }

  /** How many there are, counted up to {@code most}. */
  public long count(long most) {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select count(*) from (select 1 from interaction limit ?) as counted")) {
      select.setLong(1, most);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot count interactions", failure);
    }
  }

  /**
   * Hands every interaction to {@code consumer}, as of one moment, in the order of the ids. Rows
   * are fetched as they are consumed, so any number fits into memory.
   */
  @Transactional
  public void forEach(Consumer<InteractionSeen> consumer) {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("select " + COLUMNS + " from interaction order by id")) {
      // Without a transaction the driver would read all rows at once.
      select.setFetchSize(FETCHED_AT_ONCE);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          consumer.accept(seen(row));
        }
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot read interactions", failure);
    }
  }
}
