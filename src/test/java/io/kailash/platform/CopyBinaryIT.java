package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.stack.RunningService;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopyBinaryIT {
  private static final int COLUMNS = 7;

  private record Row(
      UUID id,
      Instant at,
      Long number,
      Double share,
      boolean right,
      String text,
      List<String> all) {}

  private Connection connection;

  @BeforeEach
  void begin() throws Exception {
    var postgres = RunningService.get().addresses().postgres();
    connection =
        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "create temporary table copied (id uuid, at timestamptz, number bigint, share real,"
              + " is_right boolean, words text, many text[])");
    }
  }

  @AfterEach
  void end() throws SQLException {
    connection.close();
  }

  private static void add(Row row, CopyBinary to) {
    to.uuid(row.id())
        .time(row.at())
        .bigint(row.number())
        .real(row.share())
        .truth(row.right())
        .text(row.text())
        .texts(row.all());
  }

  private List<Row> copied(List<Row> rows) throws Exception {
    CopyBinary binary = new CopyBinary(COLUMNS);
    rows.forEach(row -> add(row, binary));
    binary.into(connection, "copied");
    List<Row> read = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("select * from copied order by id")) {
      while (found.next()) {
        float share = found.getFloat(4);
        read.add(
            new Row(
                found.getObject(1, UUID.class),
                found.getObject(2, OffsetDateTime.class).toInstant(),
                found.getObject(3, Long.class),
                found.wasNull() || found.getObject(4) == null ? null : (double) share,
                found.getBoolean(5),
                found.getString(6),
                Arrays.asList((String[]) found.getArray(7).getArray())));
      }
    }
    return read;
  }

  @Test
  void everyValueIsReadAsItWasWritten() throws Exception {
    List<Row> rows =
        List.of(
            new Row(
                new UUID(1, -1),
                Instant.parse("2026-02-28T23:59:59.123456Z"),
                Long.MIN_VALUE,
                0.25,
                true,
                "tab\t, \\N, \"quotes\", äöü, 茶, \ud83d\ude80",
                Arrays.asList("a", "", "b\"c", "d\\e", "{,}", null)),
            new Row(
                new UUID(-1, 1),
                Instant.parse("1969-12-31T23:59:59.999999Z"),
                7L,
                -1e-30f + 0.0,
                false,
                "",
                List.of()));
    assertThat(copied(rows)).isEqualTo(rows);
  }

  @Test
  void anAbsentValueIsNull() throws Exception {
    Row row = new Row(new UUID(0, 0), Instant.EPOCH, null, null, true, null, List.of("one"));
    assertThat(copied(List.of(row))).containsExactly(row);
  }

  @Test
  void itGrowsWithWhatIsAdded() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(
          new Row(
              new UUID(0, i), Instant.EPOCH, (long) i, 1.0, true, "x".repeat(i * 7), List.of()));
    }
    rows.add(
        new Row(new UUID(0, 500), Instant.EPOCH, 0L, 1.0, true, "y".repeat(1 << 20), List.of()));
    assertThat(copied(rows)).isEqualTo(rows);
  }

  @Test
  void aRowWithoutAllItsColumnsIsNotSent() {
    CopyBinary binary = new CopyBinary(2).bigint(1L);
    assertThatThrownBy(() -> binary.into(connection, "copied"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1 columns too few");
  }
}
