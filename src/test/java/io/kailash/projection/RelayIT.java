package io.kailash.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.Record;

/** From a change to the graph, on the real stores. */
class RelayIT {
  private ProjectionCalls calls;
  private String name;

  @BeforeEach
  void begin() {
    calls = new ProjectionCalls();
    name = "relay-" + UUID.randomUUID().toString().substring(0, 8);
  }

  @AfterEach
  void end() {
    calls.close();
  }

  @Test
  void anItemWithItsBrandAndCategoriesIsInTheGraphAndLeavesIt() throws Exception {
    calls.importTaxonomy(name, "code,name,parent\nhome,Home,\nlamps,Lamps,home\nrugs,Rugs,home\n");
    calls.put(name + "-1", "Reading lamp", "Lumo " + name);
    calls.label(name + "-1", name, "lamps");
    String path =
        "MATCH (:Brand {name: $brand})<-[:OF]-(i:Item {sku: $sku})-[:`IN`]->(c:Category)"
            + "-[:UNDER]->(p:Category) RETURN i.title AS title, c.key AS key, c.level AS level,"
            + " p.name AS above";
    Object[] values = {"sku", name + "-1", "brand", "Lumo " + name};
    Eventually.until("the item in its place", () -> calls.graph(path, values).size() == 1);
    Record found = calls.graph(path, values).get(0);
    assertThat(found.get("title").asString()).isEqualTo("Reading lamp");
    assertThat(found.get("key").asString()).isEqualTo(name + "/lamps");
    assertThat(found.get("level").asInt()).isEqualTo(2);
    assertThat(found.get("above").asString()).isEqualTo("Home");

    assertThat(calls.patch(name + "-1", "{\"hidden\": true, \"brand\": \"Other\"}").status())
        .isEqualTo(200);
    calls.label(name + "-1", name, "rugs");
    Eventually.until(
        "the change",
        () ->
            calls
                    .graph(
                        "MATCH (b:Brand)<-[:OF]-(i:Item {sku: $sku})-[:`IN`]->(c:Category)"
                            + " WHERE i.hidden AND b.name = 'Other' AND c.code = 'rugs'"
                            + " RETURN i",
                        "sku",
                        name + "-1")
                    .size()
                == 1);
    assertThat(
            calls.graph("MATCH (i:Item {sku: $sku})-[r:OF|`IN`]->() RETURN r", "sku", name + "-1"))
        .hasSize(2);

    calls.importTaxonomy(name, "code,name,parent\nhome,House,\nlamps,Lamps,home\n");
    Eventually.until(
        "the new version",
        () ->
            calls
                .graph("MATCH (c:Category {taxonomy: $t}) RETURN c.name AS n ORDER BY n", "t", name)
                .stream()
                .map(row -> row.get("n").asString())
                .toList()
                .equals(List.of("House", "Lamps")));
    calls.importTaxonomy(name, "code,name,parent\nhome,House,\nlamps,Lamps,home\nrugs,Rugs,\n");
    Eventually.until(
        "the item back in a category that came back",
        () ->
            calls
                    .graph(
                        "MATCH (:Item {sku: $sku})-[:`IN`]->(c:Category {code: 'rugs'}) RETURN c",
                        "sku",
                        name + "-1")
                    .size()
                == 1);

    assertThat(calls.delete(name + "-1").status()).isEqualTo(204);
    Eventually.until(
        "the removal",
        () -> calls.graph("MATCH (i:Item {sku: $sku}) RETURN i", "sku", name + "-1").isEmpty());
  }

  @Test
  void whatOverlappingTransactionsCommitOutOfOrderIsAllCarried() throws Exception {
    try (Connection early = calls.service.connection();
        Connection late = calls.service.connection()) {
      early.setAutoCommit(false);
      ProjectionCalls.insertItem(early, name + "-early", "Begun first, committed last");
      ProjectionCalls.insertItem(late, name + "-late", "Begun last, committed first");
      // Time enough to pass the late one, for a relay that would.
      Eventually.within(Duration.ofSeconds(2), () -> calls.inGraph(name + "-late"));
      early.commit();
    }
    Eventually.until("both", () -> calls.inGraph(name + "-late"));
    Eventually.until("both", () -> calls.inGraph(name + "-early"));
  }

  private static String did(String user, String sku, String kind, String at) {
    return "{\"user\":\""
        + user
        + "\",\"sku\":\""
        + sku
        + "\",\"kind\":\""
        + kind
        + "\",\"value\":null,\"at\":\""
        + at
        + "\"}";
  }

  private long boughtTogether(String first, String second) {
    return calls
        .graph(
            "MATCH (:Item {sku: $a})-[p:BOUGHT_WITH]->(:Item {sku: $b}) RETURN p.count AS n",
            "a",
            first,
            "b",
            second)
        .stream()
        .mapToLong(row -> row.get("n").asLong())
        .sum();
  }

  @Test
  void purchasesCountAsTogetherOncePerUserWithinThirtyDaysWhateverTheirOrder() throws Exception {
    String a = name + "-a";
    String b = name + "-b";
    String near = name + "-near";
    String far = name + "-far";
    calls.put(a, "One", "Brand");
    try (Connection connection = calls.service.connection()) {
      // The second item is not there yet, and one purchase comes twice.
      ProjectionCalls.note(
          connection, "interaction", near, did(near, b, "purchase", "2026-03-02T00:00:00Z"));
      ProjectionCalls.note(
          connection, "interaction", near, did(near, a, "purchase", "2026-03-31T00:00:00Z"));
      ProjectionCalls.note(
          connection, "interaction", near, did(near, a, "purchase", "2026-03-31T00:00:00Z"));
      ProjectionCalls.note(
          connection, "interaction", far, did(far, a, "purchase", "2026-03-01T00:00:00Z"));
      ProjectionCalls.note(
          connection, "interaction", far, did(far, b, "purchase", "2026-04-01T00:00:00Z"));
      ProjectionCalls.note(
          connection, "interaction", far, did(far, b, "view", "2026-02-01T00:00:00Z"));
      calls.put(b, "Two", "Brand");
      Eventually.until("the first user", () -> boughtTogether(a, b) == 1);
      Eventually.until("the second item", () -> calls.inGraph(b));
      assertThat(boughtTogether(a, b)).isEqualTo(1);

      // A later purchase brings the two nearer; an earlier one, come late, changes nothing.
      ProjectionCalls.note(
          connection, "interaction", far, did(far, a, "purchase", "2026-03-20T00:00:00Z"));
      Eventually.until("the second user", () -> boughtTogether(a, b) == 2);
      ProjectionCalls.note(
          connection, "interaction", far, did(far, a, "purchase", "2026-01-01T00:00:00Z"));
      connection
          .createStatement()
          .executeUpdate(
              "insert into outbox (kind, key, version, removed) values ('interaction', '"
                  + near
                  + "', 9, true)");
      Eventually.until(
          "the user who is forgotten",
          () -> calls.graph("MATCH (u:User {id: $id}) RETURN u", "id", near).isEmpty());
      assertThat(boughtTogether(a, b)).isEqualTo(1);
      ProjectionCalls.note(
          connection, "interaction", far, did(far, b, "purchase", "2026-12-01T00:00:00Z"));
      Eventually.until("nobody any more", () -> boughtTogether(a, b) == 0);
    }
  }

  private JsonNode setAside() {
    for (JsonNode row :
        calls.service.get("/api/v1/operations/projections").json().path("set_aside")) {
      if (row.path("key").asText().equals(name) && row.path("target").asText().equals("graph")) {
        return row;
      }
    }
    return null;
  }

  @Test
  void aPoisonousChangeIsSetAsideWithItsReasonAndTheRestGoesOn() throws Exception {
    try (Connection connection = calls.service.connection()) {
      connection.setAutoCommit(false);
      ProjectionCalls.insertItem(connection, name + "-before", "Before");
      ProjectionCalls.note(
          connection,
          "interaction",
          name,
          did(name, name + "-before", "stare", "2026-01-01T00:00:00Z"));
      ProjectionCalls.insertItem(connection, name + "-after", "After");
      connection.commit();
    }
    Eventually.until("what came after", () -> calls.inGraph(name + "-after"));
    assertThat(calls.inGraph(name + "-before")).isTrue();
    Eventually.until("the poison to be set aside", () -> setAside() != null);
    JsonNode aside = setAside();
    assertThat(aside.path("reason").asText()).contains("no kind of interaction 'stare'");
    assertThat(aside.path("tries").asInt()).isEqualTo(5);

    String retry =
        "/api/v1/operations/projections/graph/set-aside/" + aside.path("id").asText() + "/retry";
    JsonNode again = calls.service.post(retry, "").json();
    assertThat(again.path("taken").asBoolean(true)).as(again.toString()).isFalse();
    try (Connection connection = calls.service.connection()) {
      connection
          .createStatement()
          .executeUpdate(
              "update projection_set_aside set payload = jsonb_set(payload, '{kind}', '\"view\"')"
                  + " where id = "
                  + aside.path("id").asLong());
    }
    assertThat(calls.service.post(retry, "").json().path("taken").asBoolean()).isTrue();
    assertThat(calls.graph("MATCH (:User {id: $id})-[r:VIEWED]->(i) RETURN i", "id", name))
        .hasSize(1);
    assertThat(calls.service.post(retry, "").status()).isEqualTo(404);
  }

  @Test
  void anItemReachesTheVectors() throws Exception {
    calls.put(name + "-v", "Enamel mug with a blue rim", "Lumo");
    Eventually.until("the graph", () -> calls.inGraph(name + "-v"));
    String vectors = calls.service.addresses().chroma().isPresent() ? "vectors" : "vectors-lucene";
    Eventually.until("the vectors", () -> calls.target(vectors).path("pending").asLong(-1) == 0);
    assertThat(calls.check(vectors).path("same").asBoolean()).isTrue();
  }
}
