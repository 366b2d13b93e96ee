package io.kailash.recommendation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.operations.LossyRelay;
import io.kailash.stack.EmbeddedStack;
import io.kailash.stack.Eventually;
import io.kailash.stack.Needs;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import io.kailash.stack.ServiceProcess;
import io.kailash.stack.Setting;
import io.kailash.stack.StackAddresses;
import io.kailash.stack.StackSettings;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;
import redis.clients.jedis.RedisClient;

/**
 * An instance of its own whose stores go away, fall silent or lie: there is an answer all the same,
 * and it says what is missing.
 */
class DegradedIT {
  private static RunningService shared;
  private static LossyRelay postgres;
  private static LossyRelay redis;
  private static LossyRelay neo4j;
  private static LossyRelay chroma;
  private static EmbeddedStack stack;
  private static ServiceProcess service;

  @BeforeAll
  static void start() throws Exception {
    shared = RunningService.get();
    StackAddresses real = shared.addresses();
    URI postgresUri = URI.create(real.postgres().jdbcUrl().substring("jdbc:".length()));
    postgres = new LossyRelay(postgresUri.getHost(), postgresUri.getPort());
    redis = new LossyRelay(real.redis().uri().getHost(), real.redis().uri().getPort());
    neo4j = new LossyRelay(real.neo4j().uri().getHost(), real.neo4j().uri().getPort());
    for (int i = 0; i < 20; i++) {
      assertThat(shared.put("/api/v1/items/deg-" + i, Map.of("title", "Rug number " + i)).status())
          .isIn(200, 201, 428);
    }
    for (int i = 0; i < 10; i++) {
      // Nobody has bought these, so that there is something left for those who have bought all
      // others.
      assertThat(shared.put("/api/v1/items/deg-new-" + i, Map.of("title", "New rug " + i)).status())
          .isIn(200, 201, 428);
    }
    for (int user = 0; user < 15; user++) {
      for (int i = 0; i < 20; i++) {
        shared.post(
            "/api/v1/interactions",
            Map.of("user", "deg-" + user, "sku", "deg-" + i, "kind", "purchase"));
      }
    }
    untilTheGraphHasAll();
    graph(
        "MERGE (a:Item {sku: 'deg-0'}) MERGE (b:Item {sku: 'deg-5'})"
            + " MERGE (c:Item {sku: 'deg-not-in-the-catalog'})"
            + " MERGE (a)-[x:BOUGHT_WITH]->(b) SET x.count = 700"
            + " MERGE (a)-[y:BOUGHT_WITH]->(c) SET y.count = 900");
    StackSettings settings =
        StackSettings.ofProcess()
            .with(Setting.DATA, "target/it/degraded")
            .with(Setting.HTTP_PORT, "0")
            .with(Setting.STARTER, "false")
            // What is in memory already needs no store.
            .with(Setting.SERVICE_JVM_OPTIONS, "-Dkailash.recommendation.neighbours-ahead=0")
            .with(Setting.POSTGRES_USER, real.postgres().user())
            .with(Setting.POSTGRES_PASSWORD, real.postgres().password())
            .with(Setting.POSTGRES_URL, "jdbc:" + through(postgres, postgresUri))
            .with(Setting.REDIS_URL, through(redis, real.redis().uri()))
            .with(Setting.NEO4J_USER, real.neo4j().user())
            .with(Setting.NEO4J_PASSWORD, real.neo4j().password())
            .with(Setting.NEO4J_URL, through(neo4j, real.neo4j().uri()));
    if (real.chroma().isPresent()) {
      URI address = real.chroma().get();
      chroma = new LossyRelay(address.getHost(), address.getPort());
      settings =
          settings
              .with(Setting.VECTORS, "chroma")
              .with(Setting.CHROMA_URL, "http://127.0.0.1:" + chroma.port());
    } else {
      settings = settings.with(Setting.VECTORS, "lucene");
    }
    stack = EmbeddedStack.start(settings, line -> System.out.println("degraded: " + line));
    service = ServiceProcess.start(stack);
    everythingComesBack();
  }

  /** What is written by hand would meet the projection's own writes, or be overwritten by them. */
  private static void untilTheGraphHasAll() throws Exception {
    Eventually.until("the graph to have all interactions", DegradedIT::caughtUp);
  }

  private static boolean caughtUp() {
    for (JsonNode target : shared.get("/api/v1/operations/projections").json().path("targets")) {
      if (target.path("target").asText().equals("graph")) {
        return target.path("pending").asLong(1) == 0;
      }
    }
    return false;
  }

  private static void graph(String cypher) {
    try (Driver driver =
            GraphDatabase.driver(
                shared.addresses().neo4j().uri(),
                AuthTokens.basic(
                    shared.addresses().neo4j().user(), shared.addresses().neo4j().password()));
        Session session = driver.session()) {
      session.run(cypher).consume();
    }
  }

  private static String through(LossyRelay relay, URI store) {
    String user = store.getRawUserInfo() == null ? "" : store.getRawUserInfo() + "@";
    String query = store.getRawQuery() == null ? "" : "?" + store.getRawQuery();
    return store.getScheme()
        + "://"
        + user
        + "127.0.0.1:"
        + relay.port()
        + store.getRawPath()
        + query;
  }

  @AfterAll
  static void end() throws Exception {
    graph("MATCH (i:Item) WHERE i.sku STARTS WITH 'deg-' DETACH DELETE i");
    if (service != null) {
      service.close();
    }
    if (stack != null) {
      stack.close();
    }
    postgres.close();
    redis.close();
    neo4j.close();
    if (chroma != null) {
      chroma.close();
    }
  }

  @AfterEach
  void comeBack() throws Exception {
    everythingComesBack();
  }

  private static void everythingComesBack() throws Exception {
    postgres.comeBack();
    redis.comeBack();
    neo4j.comeBack();
    if (chroma != null) {
      chroma.comeBack();
    }
    // Well for more than two seconds on end.
    AtomicInteger complete = new AtomicInteger();
    // New items each time: what is remembered says nothing about a store.
    awaitAnswer(
        "user=deg-new&item=deg-0",
        answer -> {
          boolean well = answer.has("degraded") && answer.path("degraded").isEmpty();
          return (well ? complete.incrementAndGet() : 0 * complete.getAndSet(0)) >= 48;
        });
  }

  private static Reply get(String query) {
    return shared.send(
        HttpRequest.newBuilder(URI.create(service.baseUri() + "/api/v1/recommend?" + query))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + shared.adminKey())
            .GET());
  }

  private static JsonNode awaitAnswer(String query, Predicate<JsonNode> condition)
      throws Exception {
    Reply[] last = new Reply[1];
    boolean came =
        Eventually.within(
            Eventually.PATIENCE,
            () -> {
              last[0] = get(query);
              return last[0].status() == 200 && condition.test(last[0].json());
            });
    assertThat(came).as("last answer: " + last[0]).isTrue();
    return last[0].json();
  }

  private static List<String> skus(JsonNode answer) {
    List<String> skus = new ArrayList<>();
    answer.path("items").forEach(item -> skus.add(item.path("sku").asText()));
    return skus;
  }

  private static boolean misses(JsonNode answer, String what) {
    for (JsonNode missing : answer.path("degraded")) {
      if (missing.asText().equals(what)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void theGraphSpeaksAndWhatItInventsIsNotShown() throws Exception {
    JsonNode answer = awaitAnswer("item=deg-0&strategy=graph", a -> skus(a).contains("deg-5"));
    assertThat(skus(answer)).doesNotContain("deg-not-in-the-catalog", "deg-0");
    JsonNode first = answer.path("items").get(0);
    assertThat(first.path("sku").asText()).isEqualTo("deg-5");
    assertThat(first.path("reason").asText()).isEqualTo("often bought with Rug number 0");
  }

  @Test
  void withoutTheGraphTheOthersAnswerAndItIsNamed() throws Exception {
    neo4j.lose();
    JsonNode answer = awaitAnswer("item=deg-1&item=deg-2", a -> misses(a, "graph"));
    assertThat(skus(answer)).hasSize(10);
  }

  @Test
  void aSilentGraphIsNotWaitedFor() throws Exception {
    neo4j.fallSilent();
    JsonNode answer = awaitAnswer("item=deg-3&item=deg-4", a -> misses(a, "graph"));
    assertThat(skus(answer)).hasSize(10);
  }

  @Test
  void withoutRedisTheTablesTellTheHistory() throws Exception {
    redis.lose();
    JsonNode answer = awaitAnswer("user=deg-1&limit=50", a -> misses(a, "popular"));
    assertThat(misses(answer, "history")).isFalse();
    assertThat(skus(answer)).isNotEmpty().doesNotContain("deg-1", "deg-19");
  }

  @Test
  void aSilentRedisIsNotWaitedFor() throws Exception {
    redis.fallSilent();
    JsonNode answer = awaitAnswer("user=deg-2&limit=50", a -> misses(a, "popular"));
    assertThat(skus(answer)).isNotEmpty().doesNotContain("deg-2");
  }

  @Test
  void aSilentRedisDoesNotHoldUpWhatOthersAskToo() throws Exception {
    redis.fallSilent();
    JsonNode answer = awaitAnswer("item=deg-8&item=deg-9", a -> misses(a, "popular"));
    assertThat(skus(answer)).hasSize(10);
  }

  @Test
  void aHistoryThatRedisMakesUpIsReadFromTheTablesAgain() throws Exception {
    awaitAnswer("user=deg-4&limit=50", a -> a.path("degraded").isEmpty());
    try (RedisClient store = RedisClient.create(shared.addresses().redis().uri().toString())) {
      store.zadd("kailash:history:{deg-4}", 9e15, "nonsense");
      JsonNode answer = get("user=deg-4&limit=50").json();
      assertThat(misses(answer, "history")).isFalse();
      // It knows what the user bought, as only the tables can tell.
      assertThat(skus(answer)).isNotEmpty().doesNotContain("deg-0", "deg-4", "deg-19");
      awaitAnswer(
          "user=deg-4&limit=50", a -> store.zscore("kailash:history:{deg-4}", "nonsense") == null);
    }
  }

  @Test
  void whatRedisMakesUpAsPopularIsNotShown() {
    try (RedisClient store = RedisClient.create(shared.addresses().redis().uri().toString())) {
      Set<String> popular = store.keys("kailash:popularity:*:items");
      assertThat(popular).hasSize(1);
      String key = popular.iterator().next();
      try {
        store.zadd(key, 1e300, "deg-not-in-the-catalog");
        store.zadd(key, Double.POSITIVE_INFINITY, "deg-10");
        // Its snapshot is a second old at most.
        JsonNode[] last = new JsonNode[1];
        for (int i = 0; i < 12; i++) {
          last[0] = get("user=deg-nobody&strategy=popular").json();
          assertThat(skus(last[0])).hasSize(10).doesNotContain("deg-not-in-the-catalog");
          LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
      } finally {
        store.zrem(key, "deg-not-in-the-catalog", "deg-10");
      }
    }
  }

  @Test
  void aRedisThatHasForgottenWhatIsPopularIsNotBelieved() {
    try (RedisClient store = RedisClient.create(shared.addresses().redis().uri().toString())) {
      String key = store.keys("kailash:popularity:*:items").iterator().next();
      String mark = key.replaceAll("items$", "complete");
      List<String> before = skus(get("user=deg-nobody&strategy=popular").json());
      assertThat(before).hasSize(10);
      Set<String> marks = store.keys("kailash:popularity:*");
      assertThat(marks).contains(mark);
      try {
        // As after a loss: what is bought from now on is all it knows.
        store.del(mark);
        store.rename(key, key + ":kept");
        store.zadd(key, 1, "deg-new-1");
        for (int i = 0; i < 12; i++) {
          assertThat(skus(get("user=deg-nobody&strategy=popular").json()).get(0))
              .isNotEqualTo("deg-new-1");
          LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
      } finally {
        store.rename(key + ":kept", key);
        store.set(mark, "1");
      }
    }
  }

  @Test
  void aSlowGraphCostsNoMoreThanItsLimit() throws Exception {
    // Slower than a source may be, and never so slow that the connection is given up.
    neo4j.slowDown(Duration.ofMillis(400));
    JsonNode answer = awaitAnswer("item=deg-new-0&item=deg-new-1", a -> misses(a, "graph"));
    assertThat(skus(answer)).hasSize(10);
  }

  @Test
  @Needs("chroma")
  void withoutTheVectorsTheOthersAnswerAndTheTextIsNamed() throws Exception {
    chroma.lose();
    JsonNode answer = awaitAnswer("item=deg-new-2&item=deg-new-3", a -> misses(a, "text"));
    assertThat(skus(answer)).hasSize(10);
  }

  @Test
  @Needs("chroma")
  void silentVectorsAreNotWaitedFor() throws Exception {
    chroma.fallSilent();
    JsonNode answer = awaitAnswer("item=deg-new-4&item=deg-new-5", a -> misses(a, "text"));
    assertThat(skus(answer)).hasSize(10);
  }

  @Test
  void withoutPostgresqlTheMemoryAnswers() throws Exception {
    awaitAnswer("user=deg-nobody&strategy=popular", a -> skus(a).size() == 10);
    postgres.lose();
    JsonNode answer = awaitAnswer("user=deg-nobody&strategy=popular", a -> misses(a, "postgresql"));
    assertThat(skus(answer)).hasSize(10);
  }

  @Test
  void withEverythingLostThereIsStillAnAnswer() throws Exception {
    awaitAnswer("user=deg-nobody", a -> skus(a).size() == 10);
    postgres.fallSilent();
    redis.lose();
    neo4j.lose();
    if (chroma != null) {
      chroma.lose();
    }
    JsonNode answer =
        awaitAnswer(
            "user=deg-3&item=deg-6&item=deg-7",
            a ->
                misses(a, "postgresql")
                    && misses(a, "popular")
                    && misses(a, "graph")
                    && misses(a, "history"));
    assertThat(skus(answer)).hasSize(10).doesNotContain("deg-6", "deg-not-in-the-catalog");
  }
}
