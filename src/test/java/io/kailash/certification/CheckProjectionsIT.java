package io.kailash.certification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;
import redis.clients.jedis.RedisClient;

/** The command that compares the derived stores of a running service with PostgreSQL. */
class CheckProjectionsIT {
  private final RunningService service = RunningService.get();
  private final String name = "checked-" + UUID.randomUUID().toString().substring(0, 8);
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private int check(String... more) throws InterruptedException {
    said.reset();
    String[] arguments = new String[more.length + 2];
    arguments[0] = "--address=" + service.baseUri();
    arguments[1] = "--key=" + service.adminKey();
    System.arraycopy(more, 0, arguments, 2, more.length);
    return new CheckProjections(new PrintStream(said, true, UTF_8)).run(arguments);
  }

  private String said() {
    return said.toString(UTF_8);
  }

  private void graph(String cypher) {
    try (Driver driver =
            GraphDatabase.driver(
                service.addresses().neo4j().uri(),
                AuthTokens.basic(
                    service.addresses().neo4j().user(), service.addresses().neo4j().password()));
        Session session = driver.session()) {
      session.run(cypher, Map.of("sku", name)).consume();
    }
  }

  @BeforeEach
  void anItemAndItsVisitor() throws Exception {
    Reply put =
        service.send(
            service
                .request("/api/v1/items/" + name)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString("{\"title\":\"A checked rug\"}")));
    assertThat(put.status()).as(put.body()).isEqualTo(201);
    service.post("/api/v1/interactions", Map.of("user", name, "sku", name, "kind", "view"));
    Eventually.until("all targets", service::isCaughtUp);
    if (check("--targets=graph") == 1) {
      // Others forge what is in the graph, and not all of them put it right.
      String job =
          service
              .post("/api/v1/operations/projections/graph/rebuild", "")
              .json()
              .path("job")
              .asText();
      Eventually.until(
          "a graph that is right",
          () ->
              service
                  .get("/api/v1/jobs/" + job)
                  .json()
                  .path("status")
                  .asText()
                  .equals("succeeded"));
    }
  }

  @AfterEach
  void asItWas() {
    graph("MATCH (i:Item {sku: $sku}) SET i.title = 'A checked rug'");
  }

  @Test
  void whatIsTheSameEndsWellAndShowsCountsAndDigests() throws Exception {
    assertThat(check("--targets=graph,redis")).as(said()).isZero();
    assertThat(said())
        .contains("graph: same")
        .contains("redis: same")
        .containsPattern("items: \\d+ in PostgreSQL, digest [0-9a-f]{64}")
        .contains("all are as PostgreSQL says");
    assertThat(check()).as(said()).isZero();
    assertThat(said()).contains("live: keeps nothing that could be compared");
  }

  @Test
  void whatTheGraphMakesUpIsNamed() throws Exception {
    graph("MATCH (i:Item {sku: $sku}) SET i.title = 'A forged rug'");
    assertThat(check("--targets=graph")).isEqualTo(1);
    assertThat(said()).contains("graph: DIFFERENT").contains(name).contains("A forged rug");
  }

  @Test
  void whatRedisMakesUpIsNamed() throws Exception {
    String key = "kailash:history:{" + name + "}";
    try (RedisClient redis = RedisClient.create(service.addresses().redis().uri().toString())) {
      Eventually.until(
          "the history",
          () -> {
            // Not taken over for a few seconds after the first interaction.
            service.get("/api/v1/recommend?user=" + name);
            return redis.exists(key);
          });
      String separator = "\u001f";
      redis.zadd(
          key,
          1,
          String.join(separator, "999999999", "purchase", "", "1000000", name + "-never-bought"));
      assertThat(check("--targets=redis")).as(said()).isEqualTo(1);
      assertThat(said()).contains("redis: DIFFERENT").contains(name + ": should be 1 interactions");
      redis.del(key);
    }
    assertThat(check("--targets=redis")).as(said()).isZero();
  }

  @Test
  void whatCannotBeComparedIsNoSuccess() throws Exception {
    assertThat(check("--targets=graph,nowhere")).isEqualTo(2);
    assertThat(said()).contains("not all of these targets are there");
    said.reset();
    assertThat(
            new CheckProjections(new PrintStream(said, true, UTF_8))
                .run("--address=" + service.baseUri(), "--key=kk_wrong"))
        .isEqualTo(2);
    assertThat(said()).contains("not compared: status 401");
    said.reset();
    assertThat(
            new CheckProjections(new PrintStream(said, true, UTF_8))
                .run("--address=http://127.0.0.1:1", "--key=any"))
        .isEqualTo(2);
    assertThat(said()).contains("no answer");
  }
}
