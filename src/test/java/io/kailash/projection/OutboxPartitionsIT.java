package io.kailash.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The outbox's daily tables, with days of their own long before all others. */
class OutboxPartitionsIT {
  private static final Duration WEEK = Duration.ofDays(7);
  private static final String SLOW = "slow-for-partitions";

  private final RunningService service = RunningService.get();
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = service.connection();
  }

  @AfterEach
  void remove() throws SQLException {
    run("delete from projection_target where name = '" + SLOW + "'");
    for (String table : texts("select relname from pg_class where relname like 'outbox_2001%'")) {
      if (!table.contains("idx")) {
        run("drop table " + table);
      }
    }
    connection.close();
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> texts(String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }

  private List<String> days() throws SQLException {
    return texts(
        "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
            + " where i.inhparent = 'outbox'::regclass and c.relname like 'outbox_2001%'"
            + " order by 1");
  }

  /** Targets that have not passed the change yet, with what may hold them up. */
  private List<String> behind() throws SQLException {
    return texts(
        "select t.name || ' at ' || t.transaction_id || ' ' || t.position"
            + " || coalesce(': ' || t.trouble, '')"
            + " || '; it is ' || o.transaction_id || ' ' || o.position || ', the oldest writer '"
            + " || pg_snapshot_xmin(pg_current_snapshot()) || ' ' || coalesce((select"
            + " string_agg(a.state || ' ' || a.query, ' / ') from pg_stat_activity a"
            + " where a.backend_xid is not null and a.pid <> pg_backend_pid()), '')"
            + " from projection_target t, outbox_20010204 o where t.name <> '"
            + SLOW
            + "' and (o.transaction_id, o.position) > (t.transaction_id, t.position)");
  }

  private void keep(String at, List<String> targets) {
    new OutboxPartitions(service.dataSource(), Clock.fixed(Instant.parse(at), ZoneOffset.UTC))
        .keep(WEEK, targets);
  }

  @Test
  void daysAreMadeAheadAndGoWhenEveryTargetHasPassedThem() throws Exception {
    if (service.addresses().chroma().isPresent()) {
      // Left behind by an instance of another test.
      run("delete from projection_target where name = 'vectors-lucene'");
    }
    List<String> targets = texts("select name from projection_target");
    keep("2001-02-03T23:00:00Z", targets);
    assertThat(days()).containsExactly("outbox_20010203", "outbox_20010204", "outbox_20010205");

    run("insert into projection_target (name) values ('" + SLOW + "')");
    run(
        "insert into outbox (kind, key, version, at)"
            + " values ('nothing', 'x', 1, '2001-02-04 12:00:00+00')");
    assertThat(texts("select key from outbox_20010204")).containsExactly("x");

    List<String> withTheSlow = new ArrayList<>(targets);
    withTheSlow.add(SLOW);
    keep("2001-02-11T12:00:00Z", withTheSlow);
    assertThat(days()).contains("outbox_20010204").doesNotContain("outbox_20010203");
    keep("2001-02-13T12:00:00Z", withTheSlow);
    assertThat(days()).contains("outbox_20010204").doesNotContain("outbox_20010205");

    // What other tests left to be carried comes first.
    Eventually.within(Duration.ofMinutes(5), () -> behind().isEmpty());
    assertThat(behind()).as("those who have not passed it").isEmpty();
    run(
        "update projection_target set (transaction_id, position) ="
            + " (select transaction_id, position from outbox_20010204) where name = '"
            + SLOW
            + "'");
    keep("2001-02-13T12:00:00Z", withTheSlow);
    assertThat(days()).doesNotContain("outbox_20010204");
  }
}
