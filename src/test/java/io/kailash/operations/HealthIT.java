package io.kailash.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.classification.SmallShop;
import io.kailash.stack.EmbeddedStack;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import io.kailash.stack.ServiceProcess;
import io.kailash.stack.Setting;
import io.kailash.stack.StackAddresses;
import io.kailash.stack.StackSettings;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An instance of its own whose stores can be lost without a loss to anybody else. */
class HealthIT {
  private static RunningService shared;
  private static LossyRelay postgres;
  private static LossyRelay redis;
  private static LossyRelay neo4j;
  private static EmbeddedStack stack;
  private static ServiceProcess service;
  private static JsonNode firstReadiness;

  @BeforeAll
  static void startWithoutDerivedStores() throws Exception {
    shared = RunningService.get();
    StackAddresses real = shared.addresses();
    URI postgresUri = URI.create(real.postgres().jdbcUrl().substring("jdbc:".length()));
    postgres = new LossyRelay(postgresUri.getHost(), postgresUri.getPort());
    redis = new LossyRelay(real.redis().uri().getHost(), real.redis().uri().getPort());
    neo4j = new LossyRelay(real.neo4j().uri().getHost(), real.neo4j().uri().getPort());
    redis.lose();
    neo4j.fallSilent();
    StackSettings settings =
        StackSettings.ofProcess()
            .with(Setting.DATA, "target/it/health")
            .with(Setting.HTTP_PORT, "0")
            .with(Setting.STARTER, "false")
            .with(Setting.VECTORS, "lucene")
            // Each address needs its user and password from the moment it is set.
            .with(Setting.POSTGRES_USER, real.postgres().user())
            .with(Setting.POSTGRES_PASSWORD, real.postgres().password())
            .with(Setting.POSTGRES_URL, "jdbc:" + through(postgres, postgresUri))
            .with(Setting.REDIS_URL, through(redis, real.redis().uri()))
            .with(Setting.NEO4J_USER, real.neo4j().user())
            .with(Setting.NEO4J_PASSWORD, real.neo4j().password())
            .with(Setting.NEO4J_URL, through(neo4j, real.neo4j().uri()));
    stack = EmbeddedStack.start(settings, line -> System.out.println("health: " + line));
    service = ServiceProcess.start(stack);
    firstReadiness = get("/health/ready").json();
    redis.comeBack();
    neo4j.comeBack();
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
    if (service != null) {
      service.close();
    }
    if (stack != null) {
      stack.close();
    }
    postgres.close();
    redis.close();
    neo4j.close();
  }

  @AfterEach
  void everythingComesBack() throws Exception {
    postgres.comeBack();
    redis.comeBack();
    neo4j.comeBack();
    await(
        "/health/ready",
        health ->
            health.path("status").asText().equals("UP")
                && derived(health).path("status").asText().equals("complete"));
    // Requests right after a loss may still meet a connection that broke with it.
    AtomicInteger answered = new AtomicInteger();
    await(
        "/api/v1/clients",
        answer -> (answer.has("items") ? answered.incrementAndGet() : resetTo0(answered)) == 40);
  }

  private static int resetTo0(AtomicInteger count) {
    count.set(0);
    return 0;
  }

  private static Reply get(String path) {
    return shared.send(
        HttpRequest.newBuilder(URI.create(service.baseUri() + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + shared.adminKey())
            .GET());
  }

  private static JsonNode await(String path, Predicate<JsonNode> condition) throws Exception {
    JsonNode[] last = new JsonNode[1];
    boolean came =
        Eventually.within(
            Eventually.PATIENCE,
            () -> {
              last[0] = get(path).json();
              return condition.test(last[0]);
            });
    assertThat(came).as("last answer of " + path + ": " + last[0]).isTrue();
    return last[0];
  }

  private static JsonNode check(JsonNode health, String name) {
    for (JsonNode check : health.path("checks")) {
      if (check.path("name").asText().equals(name)) {
        return check;
      }
    }
    throw new AssertionError("no check is called " + name + ": " + health);
  }

  private static JsonNode derived(JsonNode health) {
    return check(health, "derived-stores").path("data");
  }

  private static boolean names(JsonNode health, String missing) {
    return derived(health).path("degraded").asText().equals(missing);
  }

  @Test
  void theServiceStartsWithoutItsDerivedStoresAndNamesThem() {
    assertThat(firstReadiness.path("status").asText()).isEqualTo("UP");
    assertThat(derived(firstReadiness).path("degraded").asText()).isEqualTo("redis, neo4j");
  }

  @Test
  void allChecksTellWhatRunsAndHowOldTheirKnowledgeIs() throws Exception {
    JsonNode health =
        await("/health", all -> derived(all).path("status").asText().equals("complete"));
    assertThat(health.path("status").asText()).isEqualTo("UP");
    assertThat(derived(health).path("vectors").asText()).isEqualTo("lucene");
    assertThat(derived(health).path("redis").asText()).isEqualTo("answers");
    assertThat(derived(health).path("neo4j").asText()).isEqualTo("answers");
    assertThat(derived(health).has("redis_age_millis")).isTrue();
    JsonNode postgresql = check(health, "postgresql").path("data");
    assertThat(postgresql.path("migrations").asText()).isEqualTo("done");
    assertThat(postgresql.has("age_millis")).isTrue();
    assertThat(check(health, "process").path("status").asText()).isEqualTo("UP");
    assertThat(check(health, "start").path("status").asText()).isEqualTo("UP");
  }

  @Test
  void aLostRedisIsNamedWhileTheServiceStaysReadyAndAnswers() throws Exception {
    redis.lose();
    await("/health/ready", health -> names(health, "redis"));
    assertThat(get("/health/ready").status()).isEqualTo(200);
    assertThat(get("/api/v1/clients").status()).isEqualTo(200);
  }

  @Test
  void aSilentNeo4jIsNamedWhileTheServiceStaysReadyAndAnswers() throws Exception {
    neo4j.fallSilent();
    await("/health/ready", health -> names(health, "neo4j"));
    assertThat(get("/health/ready").status()).isEqualTo(200);
    assertThat(get("/api/v1/clients").status()).isEqualTo(200);
  }

  @Test
  void aLostPostgresMakesTheServiceUnreadyButNotDead() throws Exception {
    postgres.lose();
    JsonNode health = await("/health/ready", ready -> ready.path("status").asText().equals("DOWN"));
    assertThat(check(health, "postgresql").path("status").asText()).isEqualTo("DOWN");
    assertThat(get("/health/ready").status()).isEqualTo(503);
    assertThat(get("/health/live").status()).isEqualTo(200);
    assertThat(get("/health/started").status()).isEqualTo(200);
  }

  @Test
  void withEveryStoreLostItGoesOnClassifying() throws Exception {
    SmallShop shop = SmallShop.withLabels(shared, "every-store-lost", 10);
    shop.train(true);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(service.baseUri() + "/api/v1/classify"))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + shared.adminKey())
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"taxonomy\":\"every-store-lost\",\"title\":\"reading lamp\"}"));
    Eventually.until("the model to have come", () -> shared.send(request).status() == 200);
    postgres.lose();
    redis.lose();
    neo4j.lose();
    await("/health/ready", ready -> ready.path("status").asText().equals("DOWN"));
    for (int i = 0; i < 20; i++) {
      Reply answer = shared.send(request);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json().path("category").path("code").asText()).isEqualTo("lamps");
    }
  }

  @Test
  void aSilentPostgresMakesTheServiceUnreadyButNotDead() throws Exception {
    postgres.fallSilent();
    await("/health/ready", ready -> ready.path("status").asText().equals("DOWN"));
    assertThat(get("/health/ready").status()).isEqualTo(503);
    assertThat(get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void nobodyLearnsAnAddressOrAClassFromHealth() throws Exception {
    postgres.lose();
    redis.lose();
    await(
        "/health",
        health -> health.path("status").asText().equals("DOWN") && names(health, "redis"));
    assertThat(get("/health").body())
        .doesNotContain("127.0.0.1")
        .doesNotContain("Exception")
        .doesNotContain("org.")
        .doesNotContain(Integer.toString(postgres.port()));
  }
}
