package io.kailash.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.ServiceProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The relay when instances and stores are lost under it. */
class LossIT {
  private ProjectionCalls calls;
  private String name;

  @BeforeEach
  void begin() {
    calls = new ProjectionCalls();
    name = "loss-" + UUID.randomUUID().toString().substring(0, 8);
  }

  @AfterEach
  void end() {
    calls.close();
  }

  /**
   * With few titles, as each new one is embedded: that would take minutes and shows nothing here.
   */
  private void insertMany(int count) throws SQLException {
    try (Connection connection = calls.service.connection()) {
      connection
          .createStatement()
          .executeUpdate(
              "with made as (insert into item (sku, title, version, created_at, updated_at)"
                  + " select '"
                  + name
                  + "-' || n, 'Title ' || n % 100, 1, now(), now() from generate_series(1, "
                  + count
                  + ") n returning sku) insert into outbox (kind, key, version)"
                  + " select 'item', sku, 1 from made");
    }
  }

  private long inGraph() {
    return calls
        .graph(
            "MATCH (i:Item) WHERE i.sku STARTS WITH $name AND i.version IS NOT NULL"
                + " RETURN count(i) AS n",
            "name",
            name)
        .get(0)
        .get("n")
        .asLong();
  }

  @Test
  void aCrashInTheMidstOfCarryingLosesNothing() throws Exception {
    insertMany(20_000);
    Eventually.until("some of it", () -> inGraph() > 0);
    calls.service.crashAndRestart();
    Eventually.until("all of it", () -> inGraph() == 20_000);
    JsonNode check = calls.check("graph");
    assertThat(check.path("same").asBoolean()).as(check.toString()).isTrue();
  }

  @Test
  void ofTwoInstancesOneCarriesAndTheOtherTakesOver() throws Exception {
    try (ServiceProcess other = calls.service.startAnother()) {
      String first = calls.target("graph").path("carried_by").asText();
      assertThat(first).isEqualTo("process " + calls.service.service().pid());
      assertThat(locks()).isEqualTo(1);
      calls.service.service().kill();
      long killed = System.nanoTime();
      // The other one's work alone, with nobody to ask for it.
      insertMany(10);
      // The promise itself, not how fast a machine is: of ten seconds it takes about one.
      assertThat(
              Eventually.within(
                  Duration.ofSeconds(10),
                  () -> holders().equals(Set.of("process " + other.pid())) && inGraph() == 10))
          .as("all targets are taken over, and carried to: " + holders())
          .isTrue();
      System.out.printf(
          Locale.ROOT,
          "taken over and carried %d ms after kill -9%n",
          (System.nanoTime() - killed) / 1_000_000);
      assertThat(locks()).isEqualTo(1);
    } finally {
      calls.service.restart();
    }
    insertMore();
    Eventually.until("what the first carries again", () -> inGraph() == 11);
  }

  private void insertMore() throws SQLException {
    try (Connection connection = calls.service.connection()) {
      ProjectionCalls.insertItem(connection, name + "-more", "More");
    }
  }

  /** Who carries the targets that one instance carries to for all. */
  private Set<String> holders() throws SQLException {
    try (Connection connection = calls.service.connection();
        var row =
            connection
                .createStatement()
                .executeQuery(
                    "select distinct holder from projection_target"
                        + " where name <> 'vectors-lucene'")) {
      Set<String> holders = new TreeSet<>();
      while (row.next()) {
        holders.add(row.getString(1));
      }
      return holders;
    }
  }

  /** How many sessions hold the lock of those who carry the graph. */
  private long locks() throws SQLException {
    try (Connection connection = calls.service.connection();
        var row =
            connection
                .createStatement()
                .executeQuery(
                    "select count(*) from pg_locks where locktype = 'advisory' and granted"
                        + " and objid::int8 = hashtext('graph')::int8 & 4294967295"
                        + " and classid::int8 ="
                        + " hashtext('kailash.projection.lead')::int8 & 4294967295")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void aTargetThatIsDownCatchesUpAndHoldsUpNoOther() throws Exception {
    String vectors = calls.service.addresses().chroma().isPresent() ? "vectors" : "vectors-lucene";
    long neo4j = pidOf("neo4j");
    signal("STOP", neo4j);
    try {
      Eventually.until(
          "the loss to be seen",
          () -> calls.target("graph").path("state").asText().equals("troubled"));
      insertMany(50);
      Eventually.until(
          "the vectors to go on", () -> calls.target(vectors).path("pending").asLong(-1) == 0);
      assertThat(calls.check(vectors).path("same").asBoolean()).isTrue();
      assertThat(calls.target("graph").path("pending").asLong()).isGreaterThanOrEqualTo(50);
      assertThat(calls.service.get("/health/ready").status()).isEqualTo(200);
      assertThat(calls.service.get("/health/ready").body()).contains("projection_graph_lag_millis");
    } finally {
      signal("CONT", neo4j);
    }
    Eventually.until("the graph to catch up", () -> inGraph() == 50);
    Eventually.until(
        "nothing to be wrong any more",
        () -> calls.target("graph").path("state").asText().equals("current"));
  }

  private static void signal(String signal, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  private static long pidOf(String server) throws IOException {
    try (Stream<Path> records = Files.list(RunningService.get().data().resolve("run"))) {
      Path record =
          records
              .filter(file -> file.getFileName().toString().contains(server))
              .findFirst()
              .orElseThrow();
      Properties properties = new Properties();
      try (InputStream in = Files.newInputStream(record)) {
        properties.load(in);
      }
      return Long.parseLong(properties.getProperty("pid"));
    }
  }
}
