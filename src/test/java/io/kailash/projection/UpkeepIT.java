package io.kailash.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService.Reply;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks and rebuilds of the graph, on the real stores. */
class UpkeepIT {
  private ProjectionCalls calls;
  private String name;

  @BeforeEach
  void begin() throws Exception {
    calls = new ProjectionCalls();
    name = "upkeep-" + UUID.randomUUID().toString().substring(0, 8);
  }

  @AfterEach
  void end() {
    calls.close();
  }

  private void insertMany(int from, int to) throws SQLException {
    try (Connection connection = calls.service.connection()) {
      connection
          .createStatement()
          .executeUpdate(
              "with made as (insert into item (sku, title, brand, version, created_at, updated_at)"
                  + " select '"
                  + name
                  + "-' || n, 'Title ' || n, 'Brand ' || n % 7, 1, now(), now()"
                  + " from generate_series("
                  + from
                  + ", "
                  + to
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

  private List<String> differing(JsonNode check, String part) {
    List<String> keys = new ArrayList<>();
    for (JsonNode one : check.path("parts")) {
      if (one.path("part").asText().equals(part)) {
        one.path("differences").forEach(d -> keys.add(d.path("key").asText()));
      }
    }
    return keys;
  }

  private void rebuild() throws Exception {
    Reply reply = calls.service.post("/api/v1/operations/projections/graph/rebuild", "");
    assertThat(reply.status()).as(reply.body()).isEqualTo(202);
    String job = "/api/v1/jobs/" + reply.json().path("job").asText();
    Eventually.until("the rebuild", () -> !List.of("queued", "running").contains(status(job)));
    assertThat(status(job)).as(calls.service.get(job).body()).isEqualTo("succeeded");
  }

  private String status(String job) {
    return calls.service.get(job).json().path("status").asText();
  }

  @Test
  void theCheckNamesWhatWasPlantedAndARebuildPutsItRight() throws Exception {
    insertMany(1, 30);
    Eventually.until("the items", () -> inGraph() == 30);
    JsonNode before = calls.check("graph");
    assertThat(before.path("same").asBoolean()).as(before.toString()).isTrue();

    calls.graph("MATCH (i:Item {sku: $sku}) DETACH DELETE i", "sku", name + "-1");
    calls.graph("MATCH (i:Item {sku: $sku}) SET i.title = 'Forged'", "sku", name + "-2");
    calls.graph("MATCH (i:Item {sku: $sku})-[r:OF]->() DELETE r", "sku", name + "-3");
    calls.graph("CREATE (:Item {sku: $sku, title: 'Invented', version: 1})", "sku", name + "-none");
    JsonNode planted = calls.check("graph");
    assertThat(planted.path("same").asBoolean()).isFalse();
    assertThat(differing(planted, "items"))
        .containsExactlyInAnyOrder(name + "-1", name + "-2", name + "-3", name + "-none");

    rebuild();
    JsonNode after = calls.check("graph");
    assertThat(after.path("same").asBoolean()).as(after.toString()).isTrue();
    assertThat(inGraph()).isEqualTo(30);
  }

  @Test
  void aRebuildBesideChangesEndsAsTheTablesAre() throws Exception {
    insertMany(1, 3000);
    Thread changes =
        new Thread(
            () -> {
              for (int i = 1; i <= 150; i++) {
                if (i % 3 == 0) {
                  calls.delete(name + "-" + i * 20);
                } else {
                  calls.patch(name + "-" + i * 20, "{\"title\": \"Changed " + i + "\"}");
                }
              }
            });
    changes.start();
    rebuild();
    changes.join();
    Eventually.until("the last change", () -> inGraph() == 2950);
    JsonNode after = calls.check("graph");
    assertThat(after.path("same").asBoolean()).as(after.toString()).isTrue();
  }
}
