package io.kailash.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import io.kailash.stack.StackAddresses;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Values;

/** What the tests of this room ask of the running service and its stores. */
final class ProjectionCalls implements AutoCloseable {

  final RunningService service = RunningService.get();
  private final Driver driver;

  ProjectionCalls() {
    StackAddresses addresses = service.addresses();
    driver =
        GraphDatabase.driver(
            addresses.neo4j().uri(),
            AuthTokens.basic(addresses.neo4j().user(), addresses.neo4j().password()));
  }

  List<Record> graph(String cypher, Object... keysAndValues) {
    try (Session session = driver.session()) {
      return session.run(cypher, Values.parameters(keysAndValues)).list();
    }
  }

  boolean inGraph(String sku) {
    return !graph("MATCH (i:Item {sku: $sku}) WHERE i.version IS NOT NULL RETURN i", "sku", sku)
        .isEmpty();
  }

  void put(String sku, String title, String brand) {
    Reply reply =
        service.send(
            service
                .request("/api/v1/items/" + sku)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(
                    BodyPublishers.ofString(
                        "{\"title\":\"" + title + "\",\"brand\":\"" + brand + "\"}")));
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
  }

  Reply patch(String sku, String body) {
    return service.send(
        service
            .request("/api/v1/items/" + sku)
            .header("Content-Type", "application/merge-patch+json")
            .header("If-Match", "*")
            .method("PATCH", BodyPublishers.ofString(body)));
  }

  Reply delete(String sku) {
    return service.send(service.request("/api/v1/items/" + sku).header("If-Match", "*").DELETE());
  }

  void importTaxonomy(String code, String csv) {
    Reply reply =
        service.send(
            service
                .request("/api/v1/taxonomies/" + code + "/versions?format=csv")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv)));
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
  }

  void label(String sku, String taxonomy, String category) {
    Reply reply =
        service.put(
            "/api/v1/items/" + sku + "/labels/" + taxonomy, "{\"category\":\"" + category + "\"}");
    assertThat(reply.status()).as(reply.body()).isIn(200, 201);
  }

  /** Notes a change in the outbox, as a room that makes changes does. */
  static void note(Connection connection, String kind, String key, String payload)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into outbox (kind, key, version, payload) values (?, ?, 1, ?::jsonb)")) {
      insert.setString(1, kind);
      insert.setString(2, key);
      insert.setString(3, payload);
      insert.executeUpdate();
    }
  }

  static void insertItem(Connection connection, String sku, String title) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into item (sku, title, version, created_at, updated_at)"
                + " values (?, ?, 1, now(), now())")) {
      insert.setString(1, sku);
      insert.setString(2, title);
      insert.executeUpdate();
    }
    note(connection, "item", sku, null);
  }

  JsonNode target(String name) {
    Reply reply = service.get("/api/v1/operations/projections");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    for (JsonNode target : reply.json().path("targets")) {
      if (target.path("target").asText().equals(name)) {
        return target;
      }
    }
    throw new AssertionError("there is no target " + name + ": " + reply.body());
  }

  JsonNode check(String target) {
    Reply reply = service.get("/api/v1/operations/projections/" + target + "/check");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  @Override
  public void close() {
    driver.close();
  }
}
