package io.kailash.projection;

import static org.assertj.core.api.Assertions.assertThat;

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
    ProjectionCalls.await("the item in its place", () -> calls.graph(path, values).size() == 1);
    Record found = calls.graph(path, values).get(0);
    assertThat(found.get("title").asString()).isEqualTo("Reading lamp");
    assertThat(found.get("key").asString()).isEqualTo(name + "/lamps");
    assertThat(found.get("level").asInt()).isEqualTo(2);
    assertThat(found.get("above").asString()).isEqualTo("Home");

    assertThat(calls.patch(name + "-1", "{\"hidden\": true, \"brand\": \"Other\"}").status())
        .isEqualTo(200);
    calls.label(name + "-1", name, "rugs");
    ProjectionCalls.await(
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
    ProjectionCalls.await(
        "the new version",
        () ->
            calls
                .graph("MATCH (c:Category {taxonomy: $t}) RETURN c.name AS n ORDER BY n", "t", name)
                .stream()
                .map(row -> row.get("n").asString())
                .toList()
                .equals(List.of("House", "Lamps")));
    calls.importTaxonomy(name, "code,name,parent\nhome,House,\nlamps,Lamps,home\nrugs,Rugs,\n");
    ProjectionCalls.await(
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
    ProjectionCalls.await(
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
      ProjectionCalls.within(Duration.ofSeconds(2), () -> calls.inGraph(name + "-late"));
      early.commit();
    }
    ProjectionCalls.await("both", () -> calls.inGraph(name + "-late"));
    ProjectionCalls.await("both", () -> calls.inGraph(name + "-early"));
  }
}
