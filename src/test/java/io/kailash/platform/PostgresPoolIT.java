package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the connections of the pool are told, seen from the database. */
class PostgresPoolIT {
  private final RunningService service = RunningService.get();
  private final String name = "pool-" + UUID.randomUUID().toString().substring(0, 8);

  private void put(String sku) {
    Reply reply =
        service.send(
            service
                .request("/api/v1/items/" + sku)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString("{\"title\":\"A rug\"}")));
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
  }

  private long pending() {
    for (JsonNode target : service.get("/api/v1/operations/projections").json().path("targets")) {
      if (target.path("target").asText().equals("graph")) {
        return target.path("pending").asLong(-1);
      }
    }
    throw new AssertionError("there is no graph among the targets");
  }

  @Test
  void aWriterWhoHangsHoldsUpTheProjectionsForAWhileOnly() throws Exception {
    Eventually.until("nothing to be left", () -> pending() == 0);
    try (Connection hanging = service.connection();
        Statement statement = hanging.createStatement()) {
      statement.execute(PostgresPool.first(Duration.ofSeconds(10)));
      hanging.setAutoCommit(false);
      statement.execute(
          "insert into outbox (kind, key, version) values ('item', '" + name + "-hanging', 1)");
      put(name + "-after");
      assertThat(pending()).as("it is held up at first").isPositive();
      Eventually.until("what came after the one who hangs", () -> pending() == 0);
      assertThatThrownBy(() -> statement.execute("select 1"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("idle-in-transaction");
    }
  }
}
