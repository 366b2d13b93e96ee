package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;
import org.neo4j.driver.Values;
import redis.clients.jedis.RedisClient;

/**
 * Times the classes of operations that the specification names, directly on each embedded store: a
 * closed loop of some threads, each class by itself, warmed by a number of operations. Run by
 * {@code mvn -Pstore-speed}; prints counts, rate and percentiles.
 */
final class StoreSpeed {
  private static final int ITEMS = Integer.getInteger("items", 50_000);
  private static final int SECONDS = Integer.getInteger("seconds", 10);
  private static final int WARM = Integer.getInteger("warm", 3_000);
  private static final int DIMENSIONS = 384;
  private static final int ROWS_AT_ONCE = 5_000;

  private final PrintStream out = new PrintStream(System.out, true, UTF_8);

  /** One operation; what it returns is the time to count in nanoseconds, or 0 for all of it. */
  interface Operation {
    long run() throws Exception;
  }

  /** Makes an operation with a connection of its own for each thread. */
  interface ForThread {
    Operation make() throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    StackSettings settings =
        StackSettings.ofProcess()
            .with(Setting.DATA, System.getProperty("kailash.data", "target/store-speed"))
            .with(Setting.HTTP_PORT, "0")
            .with(Setting.POSTGRES_PORT, "0")
            .with(Setting.REDIS_PORT, "0")
            .with(Setting.NEO4J_PORT, "0")
            .with(Setting.CHROMA_PORT, "0");
    DataFolder.delete(Path.of(System.getProperty("kailash.data", "target/store-speed")));
    StoreSpeed speed = new StoreSpeed();
    try (EmbeddedStack stack = EmbeddedStack.start(settings, speed.out::println)) {
      speed.out.printf(
          Locale.ROOT,
          "machine: %d cores, JDK %s, load before %.1f; %d items; each class alone for %d s after %d"
              + " operations; stores and load share the machine%n",
          Runtime.getRuntime().availableProcessors(),
          System.getProperty("java.version"),
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
          ITEMS,
          SECONDS,
          WARM);
      speed.out.printf(
          Locale.ROOT,
          "%-24s %7s %9s %9s %9s %9s %9s %9s%n",
          "operation",
          "threads",
          "n",
          "/s",
          "mean ms",
          "p50 ms",
          "p95 ms",
          "p99 ms");
      if (wants("postgresql")) {
        speed.postgres(stack.addresses().postgres());
      }
      if (wants("redis")) {
        speed.redis(stack.addresses().redis());
      }
      if (wants("neo4j")) {
        speed.neo4j(stack.addresses().neo4j());
      }
      if (wants("chroma") && stack.addresses().chroma().isPresent()) {
        speed.chroma(stack.addresses().chroma().get());
      } else {
        speed.out.println("chroma: not measured: " + stack.chromaAbsence().orElse("not asked for"));
      }
    }
  }

  private static boolean wants(String store) {
    return System.getProperty("stores", "postgresql,redis,neo4j,chroma").contains(store);
  }

  private void measure(String store, String operation, int threads, ForThread make)
      throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<long[]>> results = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Callable<long[]> loop =
            () -> {
              Operation one = make.make();
              for (int i = 0; i < WARM / threads; i++) {
                one.run();
              }
              long[] took = new long[1024];
              int n = 0;
              long from = System.nanoTime();
              long until = from + SECONDS * 1_000_000_000L;
              for (long before = from; before < until; before = System.nanoTime()) {
                long own = one.run();
                if (n == took.length - 1) {
                  took = Arrays.copyOf(took, took.length * 2);
                }
                took[n++] = own > 0 ? own : System.nanoTime() - before;
              }
              // The last place tells how long this thread measured.
              long[] whole = Arrays.copyOf(took, n + 1);
              whole[n] = System.nanoTime() - from;
              return whole;
            };
        results.add(executor.submit(loop));
      }
      long[] all = new long[0];
      double rate = 0;
      for (Future<long[]> result : results) {
        long[] one = result.get();
        int n = one.length - 1;
        rate += n / (one[n] / 1e9);
        int had = all.length;
        all = Arrays.copyOf(all, had + n);
        System.arraycopy(one, 0, all, had, n);
      }
      Arrays.sort(all);
      out.printf(
          Locale.ROOT,
          "%-24s %7d %9d %9.0f %9.2f %9.2f %9.2f %9.2f%n",
          store + "." + operation,
          threads,
          all.length,
          rate,
          Arrays.stream(all).average().orElse(0) / 1e6,
          at(all, 0.5),
          at(all, 0.95),
          at(all, 0.99));
    } finally {
      executor.shutdownNow();
    }
  }

  private static double at(long[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
  }

  private static int anyItem() {
    return ThreadLocalRandom.current().nextInt(ITEMS);
  }

  private void postgres(PostgresAddress address) throws Exception {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "create schema speed",
              "create table speed.item as select i as id, 'm' || i as sku, 'Item ' || md5(i::text) as title,"
                  + " 0::bigint as seen from generate_series(0, "
                  + (ITEMS - 1)
                  + ") i",
              "alter table speed.item add primary key (id)",
              "create table speed.interaction (id bigint generated always as identity primary key,"
                  + " user_id int not null, item_id int not null, at timestamptz not null default now())",
              "insert into speed.interaction (user_id, item_id) select (random() * 99999)::int,"
                  + " (random() * "
                  + (ITEMS - 1)
                  + ")::int from generate_series(1, 2000000)",
              "create index on speed.interaction (user_id, at)",
              "vacuum analyze speed.item",
              "vacuum analyze speed.interaction")) {
        statement.execute(sql);
      }
    }
    measure(
        "postgresql",
        "select",
        8,
        () -> {
          PreparedStatement select =
              connect(address).prepareStatement("select sku, title from speed.item where id = ?");
          return () -> {
            select.setInt(1, anyItem());
            select.executeQuery().close();
            return 0;
          };
        });
    measure(
        "postgresql",
        "join",
        8,
        () -> {
          PreparedStatement join =
              connect(address)
                  .prepareStatement(
                      "select i.sku, i.title, count(*) from speed.interaction x join speed.item i on i.id = x.item_id"
                          + " where x.user_id = ? group by i.sku, i.title order by 3 desc limit 20");
          return () -> {
            join.setInt(1, ThreadLocalRandom.current().nextInt(100_000));
            join.executeQuery().close();
            return 0;
          };
        });
    String insert = "insert into speed.interaction (user_id, item_id) values (?, ?)";
    String update = "update speed.item set seen = seen + 1 where id = ?";
    measure(
        "postgresql",
        "insert",
        8,
        () -> {
          PreparedStatement statement = connect(address).prepareStatement(insert);
          return () -> insertOne(statement);
        });
    measure(
        "postgresql",
        "update",
        8,
        () -> {
          PreparedStatement statement = connect(address).prepareStatement(update);
          return () -> updateOne(statement);
        });
    measure(
        "postgresql",
        "commit",
        16,
        () -> {
          Connection connection = connect(address);
          connection.setAutoCommit(false);
          PreparedStatement first = connection.prepareStatement(insert);
          PreparedStatement second = connection.prepareStatement(update);
          return () -> {
            insertOne(first);
            updateOne(second);
            long before = System.nanoTime();
            connection.commit();
            return System.nanoTime() - before;
          };
        });
  }

  private static long insertOne(PreparedStatement insert) throws SQLException {
    insert.setInt(1, ThreadLocalRandom.current().nextInt(100_000));
    insert.setInt(2, anyItem());
    insert.executeUpdate();
    return 0;
  }

  private static long updateOne(PreparedStatement update) throws SQLException {
    update.setInt(1, anyItem());
    update.executeUpdate();
    return 0;
  }

  private static Connection connect(PostgresAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  private void redis(RedisAddress address) throws Exception {
    try (RedisClient redis = RedisClient.create(address.uri().toString())) {
      String value = "x".repeat(400);
      for (int i = 0; i < ITEMS; i++) {
        redis.set("speed:hit:" + i, value);
        redis.hset("speed:session:" + i, Map.of("user", "u" + i, "seen", "a b c", "cart", "d"));
      }
      measure("redis", "hit", 8, () -> () -> did(redis.get("speed:hit:" + anyItem())));
      measure("redis", "miss", 8, () -> () -> did(redis.get("speed:none:" + anyItem())));
      measure("redis", "session", 8, () -> () -> did(redis.hgetAll("speed:session:" + anyItem())));
      measure(
          "redis", "store", 8, () -> () -> did(redis.setex("speed:set:" + anyItem(), 60, value)));
    }
  }

  private static long did(Object ignored) {
    return 0;
  }

  private void neo4j(Neo4jAddress address) throws Exception {
    try (Driver driver =
        GraphDatabase.driver(address.uri(), AuthTokens.basic(address.user(), address.password()))) {
      try (Session session = driver.session()) {
        session
            .run("create constraint speed_item if not exists for (i:Speed) require i.sku is unique")
            .consume();
        session.run("create index speed_group if not exists for (i:Speed) on (i.group)").consume();
        session
            .run(
                "unwind range(0, $last) as i call (i) { create (:Speed {sku: 'm' + i, group: i / 100, brand: i % 300}) }"
                    + " in transactions of 10000 rows",
                Map.of("last", ITEMS - 1))
            .consume();
        session.run("call db.awaitIndexes()").consume();
        // Ten of its own group for each item: some 500 000 relationships.
        session
            .run(
                "unwind range(0, $last) as i call (i) { match (a:Speed {sku: 'm' + i}) unwind range(1, 10) as k"
                    + " match (b:Speed {sku: 'm' + ((i / 100) * 100 + (i * 7 + k * k * 13) % 100)})"
                    + " create (a)-[:BOUGHT_WITH {count: k}]->(b) } in transactions of 2000 rows",
                Map.of("last", ITEMS - 1))
            .consume();
      }
      cypher(driver, "lookup", "match (i:Speed {sku: $sku}) return i.group, i.brand");
      cypher(
          driver,
          "relationship",
          "match (:Speed {sku: $sku})-[r:BOUGHT_WITH]-(o) return o.sku, r.count order by r.count desc limit 20");
      cypher(
          driver,
          "traversal",
          "match (:Speed {sku: $sku})-[:BOUGHT_WITH]->()-[:BOUGHT_WITH]->()-[:BOUGHT_WITH]->(o)"
              + " return o.sku, count(*) as paths order by paths desc limit 20");
      cypher(
          driver,
          "pattern",
          "match (a:Speed {sku: $sku})-[:BOUGHT_WITH]-(m)-[:BOUGHT_WITH]-(o:Speed)"
              + " where o.group = a.group and o.brand <> a.brand and not (a)-[:BOUGHT_WITH]-(o)"
              + " return o.sku, count(distinct m) as shared, sum(o.brand) as brands order by shared desc limit 20");
    }
  }

  private void cypher(Driver driver, String operation, String query) throws Exception {
    measure(
        "neo4j",
        operation,
        8,
        () -> {
          Session session = driver.session();
          return () -> did(session.run(query, Values.parameters("sku", "m" + anyItem())).list());
        });
  }

  private void chroma(URI address) throws Exception {
    Chroma chroma = new Chroma(address);
    chroma.fill();
    measure("chroma", "search", 4, () -> () -> did(chroma.nearest(chroma.someVector(), 10)));
    measure(
        "chroma", "similarity", 4, () -> () -> did(chroma.nearest(chroma.vectors[anyItem()], 50)));
    // One, as in the service: a single relay writes at a time, and SQLite lets the others wait.
    measure("chroma", "store", 1, () -> () -> did(chroma.storeOne()));
    measure("chroma", "collection", 4, () -> () -> did(chroma.count()));
    out.printf(
        Locale.ROOT,
        "chroma recall at 10 of 200 searches against all vectors: %.4f%n",
        chroma.recall());
  }

  /** ChromaDB by its REST interface. */
  private static final class Chroma {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private final HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String collections;
    private final float[][] vectors = new float[ITEMS][];
    private String collection;

    Chroma(URI address) {
      collections =
          address + "/api/v2/tenants/default_tenant/databases/default_database/collections";
    }

    /** Vectors in groups, as those of texts are: a centre and some noise. */
    void fill() throws IOException, InterruptedException {
      ObjectNode order = JSON.createObjectNode().put("name", "speed").put("get_or_create", true);
      order
          .putObject("configuration")
          .putObject("hnsw")
          .put("space", "cosine")
          .put("ef_search", 100);
      collection = post(collections, order).path("id").asText();
      for (int i = 0; i < ITEMS; i++) {
        vectors[i] = around(i / 100, new Random(i));
      }
      for (int from = 0; from < ITEMS; from += ROWS_AT_ONCE) {
        ObjectNode rows = JSON.createObjectNode();
        ArrayNode ids = rows.putArray("ids");
        ArrayNode embeddings = rows.putArray("embeddings");
        for (int i = from; i < Math.min(ITEMS, from + ROWS_AT_ONCE); i++) {
          ids.add("m" + i);
          embeddings.add(array(vectors[i]));
        }
        post(collections + "/" + collection + "/upsert", rows);
      }
    }

    private static float[] around(int group, Random random) {
      Random centre = new Random(group * 31L + 7);
      float[] vector = new float[DIMENSIONS];
      double square = 0;
      for (int d = 0; d < DIMENSIONS; d++) {
        vector[d] = (float) (centre.nextGaussian() + 0.7 * random.nextGaussian());
        square += vector[d] * vector[d];
      }
      for (int d = 0; d < DIMENSIONS; d++) {
        vector[d] /= (float) Math.sqrt(square);
      }
      return vector;
    }

    float[] someVector() {
      return around(anyItem() / 100, new Random(ThreadLocalRandom.current().nextInt()));
    }

    private static ArrayNode array(float[] vector) {
      ArrayNode numbers = JSON.createArrayNode();
      for (float number : vector) {
        numbers.add(number);
      }
      return numbers;
    }

    List<String> nearest(float[] vector, int limit) throws IOException, InterruptedException {
      ObjectNode query = JSON.createObjectNode().put("n_results", limit);
      query.putArray("query_embeddings").add(array(vector));
      query.putArray("include");
      List<String> ids = new ArrayList<>();
      post(collections + "/" + collection + "/query", query)
          .path("ids")
          .path(0)
          .forEach(id -> ids.add(id.asText()));
      return ids;
    }

    JsonNode storeOne() throws IOException, InterruptedException {
      ObjectNode row = JSON.createObjectNode();
      row.putArray("ids").add("new" + ThreadLocalRandom.current().nextInt(1 << 30));
      row.putArray("embeddings").add(array(someVector()));
      return post(collections + "/" + collection + "/upsert", row);
    }

    JsonNode count() throws IOException, InterruptedException {
      return send(HttpRequest.newBuilder(URI.create(collections + "/" + collection + "/count")));
    }

    double recall() throws IOException, InterruptedException {
      int found = 0;
      Random random = new Random(5);
      for (int q = 0; q < 200; q++) {
        float[] query = vectors[random.nextInt(ITEMS)];
        Integer[] order = new Integer[ITEMS];
        float[] similar = new float[ITEMS];
        for (int i = 0; i < ITEMS; i++) {
          order[i] = i;
          for (int d = 0; d < DIMENSIONS; d++) {
            similar[i] += query[d] * vectors[i][d];
          }
        }
        Arrays.sort(order, (a, b) -> Float.compare(similar[b], similar[a]));
        // Vectors stored while measuring are not among the known ones: ask for more and leave them
        // out.
        Set<String> near = new HashSet<>();
        for (String id : nearest(query, 100)) {
          if (id.startsWith("m") && near.size() < 10) {
            near.add(id);
          }
        }
        for (int i = 0; i < 10; i++) {
          found += near.contains("m" + order[i]) ? 1 : 0;
        }
      }
      return found / 2000.0;
    }

    private JsonNode post(String address, JsonNode body) throws IOException, InterruptedException {
      return send(
          HttpRequest.newBuilder(URI.create(address))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() >= 300) {
        throw new IOException(answer.statusCode() + ": " + new String(answer.body(), UTF_8));
      }
      return JSON.readTree(answer.body());
    }
  }
}
