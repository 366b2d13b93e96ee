package io.kailash.recommendation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.operations.PrometheusText;
import io.kailash.similarity.ServiceVectors;
import io.kailash.stack.Eventually;
import io.kailash.stack.Needs;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import io.kailash.stack.ServiceProcess;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/**
 * Two instances that share what they have found. The second keeps nothing in its own memory, so
 * that it asks Redis each time.
 */
class SharedResultsIT {
  private static final int ITEMS = 40;
  private static final RunningService SERVICE = RunningService.get();
  private static final String NAME = "shared-" + UUID.randomUUID().toString().substring(0, 8);
  private static ServiceProcess other;

  @BeforeAll
  static void start() throws Exception {
    for (int i = 0; i < ITEMS; i++) {
      put(i, "Woollen blanket number " + i);
    }
    for (int user = 0; user < 8; user++) {
      for (int i = 0; i < 6; i++) {
        Reply reply =
            SERVICE.post(
                "/api/v1/interactions",
                Map.of("user", NAME + "-u" + user, "sku", sku(i), "kind", "purchase"));
        assertThat(reply.status()).as(reply.body()).isIn(200, 201, 202);
      }
    }
    Eventually.until("the graph and the vectors", SERVICE::isCaughtUp);
    other =
        SERVICE.startAnother(
            "-Dkailash.recommendation.result-lifetime=1ms",
            "-Dkailash.recommendation.neighbours-ahead=0");
  }

  @AfterAll
  static void end() {
    if (other != null) {
      other.close();
    }
  }

  private static String sku(int i) {
    return NAME + "-" + i;
  }

  private static void put(int i, String title) throws Exception {
    Reply reply =
        SERVICE.send(
            SERVICE
                .request("/api/v1/items/" + sku(i))
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString("{\"title\":\"" + title + "\"}")));
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
  }

  private static Reply get(URI base, String path) {
    return SERVICE.send(
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + SERVICE.adminKey())
            .header("Accept", path.equals("/metrics") ? "text/plain" : "application/json")
            .GET());
  }

  private static JsonNode recommend(URI base, String query) {
    Reply reply = get(base, "/api/v1/recommend?budget_ms=2000&limit=5&" + query);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static double lists(URI base, String from) {
    return PrometheusText.parse(get(base, "/metrics").body())
        .value("kailash_recommendation_lists_total", Map.of("from", from));
  }

  private static List<String> skus(JsonNode answer) {
    List<String> skus = new ArrayList<>();
    answer.path("items").forEach(item -> skus.add(item.path("sku").asText()));
    return skus;
  }

  /** What is missing while a store is slow is not kept, so the first answer may not be whole. */
  private static JsonNode whole(URI base, String query) throws Exception {
    JsonNode[] last = new JsonNode[1];
    Eventually.until(
        "an answer that lacks nothing",
        () -> {
          last[0] = recommend(base, query);
          return last[0].path("degraded").isEmpty();
        });
    return last[0];
  }

  @Test
  void whatOneInstanceHasFoundAnotherNeedNotLookFor() throws Exception {
    JsonNode first = whole(SERVICE.baseUri(), "item=" + sku(1));
    assertThat(skus(first)).isNotEmpty();
    double before = lists(other.baseUri(), "redis");
    Eventually.until(
        "the list of the first",
        () -> {
          recommend(other.baseUri(), "item=" + sku(1));
          return lists(other.baseUri(), "redis") > before;
        });
    assertThat(skus(recommend(other.baseUri(), "item=" + sku(1))))
        .containsAnyElementsOf(skus(first));
  }

  @Test
  void aChangeOfTheItemMakesTheListOutOfDateEverywhere() throws Exception {
    whole(SERVICE.baseUri(), "item=" + sku(2));
    double redis = lists(other.baseUri(), "redis");
    Eventually.until(
        "the list of the first",
        () -> {
          recommend(other.baseUri(), "item=" + sku(2));
          return lists(other.baseUri(), "redis") > redis;
        });
    Reply changed =
        SERVICE.send(
            SERVICE
                .request("/api/v1/items/" + sku(2))
                .header("Content-Type", "application/merge-patch+json")
                .header("If-Match", "*")
                .method("PATCH", BodyPublishers.ofString("{\"title\": \"Brass lamp\"}")));
    assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    Eventually.until("the change in every store", SERVICE::isCaughtUp);
    double made = lists(other.baseUri(), "sources");
    recommend(other.baseUri(), "item=" + sku(2));
    assertThat(lists(other.baseUri(), "sources")).isEqualTo(made + 1);
  }

  @Test
  void aHistoryOfOnesOwnIsNotKeptForOthers() throws Exception {
    double redis = lists(other.baseUri(), "redis");
    double made = lists(other.baseUri(), "sources");
    String query = "user=" + NAME + "-u1&item=" + sku(3);
    recommend(other.baseUri(), query);
    recommend(other.baseUri(), query);
    assertThat(lists(other.baseUri(), "redis")).isEqualTo(redis);
    assertThat(lists(other.baseUri(), "sources")).isEqualTo(made + 2);
  }

  @Test
  void whatManyAskOnAllInstancesAtOnceIsMadeOnce() throws Exception {
    int questions = 10;
    // Both know the neighbours, so that a list lacks nothing and is kept.
    for (int i = 10; i < 10 + questions; i++) {
      whole(SERVICE.baseUri(), "item=" + sku(i));
      // The other one would find that list; of these it has to look for itself.
      whole(other.baseUri(), "strategy=graph&item=" + sku(i));
      whole(other.baseUri(), "strategy=text&item=" + sku(i));
    }
    double before = lists(SERVICE.baseUri(), "sources") + lists(other.baseUri(), "sources");
    ExecutorService many = Executors.newFixedThreadPool(16);
    try {
      for (int i = 10; i < 10 + questions; i++) {
        // The order makes it another question about the same items.
        String query = "item=" + sku(i) + "&item=" + sku(10 + (i - 9) % questions);
        List<Future<JsonNode>> answers = new ArrayList<>();
        for (int n = 0; n < 16; n++) {
          URI base = n % 2 == 0 ? SERVICE.baseUri() : other.baseUri();
          answers.add(many.submit(() -> recommend(base, query)));
        }
        for (Future<JsonNode> answer : answers) {
          assertThat(skus(answer.get())).isNotEmpty();
        }
      }
    } finally {
      many.shutdownNow();
    }
    double made = lists(SERVICE.baseUri(), "sources") + lists(other.baseUri(), "sources") - before;
    // Each instance by itself would have made each of them.
    assertThat(made).isBetween((double) questions, 1.5 * questions);
  }

  @Test
  void nonsenseInRedisIsNotShown() throws Exception {
    whole(SERVICE.baseUri(), "item=" + sku(4));
    try (RedisClient redis = RedisClient.create(SERVICE.addresses().redis().uri().toString())) {
      double seen = lists(other.baseUri(), "redis");
      Eventually.until(
          "the list of the first",
          () -> {
            recommend(other.baseUri(), "item=" + sku(4));
            return lists(other.baseUri(), "redis") > seen;
          });
      int forged = 0;
      for (String key : redis.keys("kailash:result:*")) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        byte[] value = redis.get(name);
        if (value != null && value.length > 40) {
          value[value.length / 2] ^= 4;
          redis.set(name, value);
          forged++;
        }
      }
      assertThat(forged).isPositive();
    }
    double made = lists(other.baseUri(), "sources");
    assertThat(skus(recommend(other.baseUri(), "item=" + sku(4)))).isNotEmpty();
    assertThat(lists(other.baseUri(), "sources")).isEqualTo(made + 1);
  }

  @Test
  @Needs("chroma")
  void whatTheVectorStoreMakesUpIsNotShown() throws Exception {
    String invented = NAME + "-invented";
    ServiceVectors.put(invented, "Woollen blanket number 7");
    try {
      JsonNode answer = whole(other.baseUri(), "item=" + sku(7) + "&strategy=text");
      assertThat(skus(answer)).isNotEmpty().doesNotContain(invented);
    } finally {
      ServiceVectors.remove(invented);
    }
  }

  /** Work of every kind, and the classes of operations that the gates judge. */
  @Test
  void everyClassOfOperationsThatIsJudgedIsMeasured() throws Exception {
    Pattern label = Pattern.compile("(?m)^ {4}label: (postgresql|neo4j|chroma|redis)\\.(\\w+)$");
    Set<String> classes = new TreeSet<>();
    Matcher found = label.matcher(Files.readString(Path.of("jmeter/targets.yaml")));
    while (found.find()) {
      classes.add(found.group(1) + " " + found.group(2));
    }
    assertThat(classes).hasSize(17);
    if (SERVICE.addresses().chroma().isEmpty()) {
      classes.removeIf(one -> one.startsWith("chroma "));
    }
    Map<String, Double> before = new HashMap<>();
    classes.forEach(one -> before.put(one, count(one)));
    URI base = other.baseUri();
    String item = "/api/v1/items/" + NAME + "-work-";
    for (int i = 0; i < 2; i++) {
      send("PUT", item + i, "application/json", "{\"title\": \"Oak table\"}", "If-None-Match");
      send("PATCH", item + i, "application/merge-patch+json", "{\"brand\": \"W\"}", "If-Match");
      assertThat(get(base, item + i).status()).isEqualTo(200);
    }
    for (int i = 0; i < 4; i++) {
      SERVICE.post(
          "/api/v1/interactions",
          Map.of("user", NAME + "-w" + i / 2, "sku", NAME + "-work-" + i % 2, "kind", "purchase"));
    }
    Eventually.until("the new items in every store", SERVICE::isCaughtUp);
    get(base, "/api/v1/items?meaning=oak+table");
    Eventually.until(
        "each class: " + classes,
        () -> {
          // Nobody has asked about these before; the second time the list is there.
          String asked = "item=" + NAME + "-work-0&item=" + NAME + "-work-1";
          recommend(base, asked);
          recommend(base, asked);
          recommend(base, "user=" + NAME + "-w0");
          classes.removeIf(one -> count(one) > before.get(one));
          return classes.isEmpty();
        });
  }

  private static void send(
      String method, String path, String type, String body, String precondition) {
    Reply reply =
        SERVICE.send(
            HttpRequest.newBuilder(URI.create(other.baseUri() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + SERVICE.adminKey())
                .header("Content-Type", type)
                .header(precondition, "*")
                .method(method, BodyPublishers.ofString(body)));
    assertThat(reply.status()).as(reply.body()).isIn(200, 201);
  }

  /** How often it was counted on both instances; all buckets must be there. */
  private static double count(String storeAndOperation) {
    String[] parts = storeAndOperation.split(" ", 2);
    Map<String, String> labels = Map.of("store", parts[0], "operation", parts[1]);
    double count = 0;
    for (URI base : List.of(SERVICE.baseUri(), other.baseUri())) {
      List<Double> buckets =
          PrometheusText.parse(get(base, "/metrics").body())
              .buckets("kailash_store_operation_seconds", labels);
      if (!buckets.isEmpty()) {
        assertThat(buckets).isSorted().hasSizeGreaterThan(10);
        count += buckets.get(buckets.size() - 1);
      }
    }
    return count;
  }
}
