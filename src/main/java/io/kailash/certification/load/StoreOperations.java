package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Values;
import redis.clients.jedis.RedisClient;

/**
 * The classes of operations that the specification names for each store, sent directly to the store
 * beside the service's own data: in a schema, a label, a collection and keys of their own, which
 * are taken away at the end. Every answer is looked at.
 */
final class StoreOperations implements AutoCloseable {

  private static final int USERS_PER_ITEM = 2;
  private static final int INTERACTIONS_PER_ITEM = 30;
  private static final int GROUP = ChromaOperations.GROUP;
  private static final String SCHEMA = "load_operations";
  private static final String VALUE = "x".repeat(400);

  private final JsonNode told;
  private final int items;
  private Driver driver;
  private RedisClient redis;
  private ChromaOperations chroma;
  private boolean schema;

  private StoreOperations(JsonNode told, int items) {
    this.told = told;
    // Whole groups, as a path through a graph needs somewhere to go.
    this.items = Math.max(10, items / GROUP) * GROUP;
  }

  static boolean isOneOfThem(String name) {
    return name.startsWith("postgresql.")
        || name.startsWith("neo4j.")
        || name.startsWith("chroma.")
        || name.startsWith("redis.");
  }

  static StoreOperations of(LoadOrder order) throws Exception {
    StoreOperations stores =
        new StoreOperations(
            JsonMapper.builder().build().readTree(Files.readString(order.target(), UTF_8)),
            order.items());
    List<String> names =
        order.operations().keySet().stream()
            .filter(StoreOperations::isOneOfThem)
            .map(name -> name.substring(0, name.indexOf('.')))
            .distinct()
            .sorted()
            .toList();
    // Side by side, as every store is a process of its own.
    ExecutorService filling = Executors.newFixedThreadPool(Math.max(1, names.size()));
    try {
      List<Future<Void>> filled = new ArrayList<>();
      for (String store : names) {
        filled.add(filling.submit(() -> stores.fill(store, order.threads())));
      }
      for (Future<Void> one : filled) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      filling.shutdownNow();
    }
    return stores;
  }

  private Void fill(String store, int threads) throws Exception {
    if (!told.has(store)) {
      throw new IOException("the address of " + store + " is not known");
    }
    switch (store) {
      case "postgresql" -> fillPostgresql();
      case "neo4j" -> fillNeo4j();
      case "chroma" -> fillChroma(threads);
      default -> fillRedis(threads);
    }
    return null;
  }

  Operation make(String name) throws Exception {
    return switch (name) {
      case "postgresql.select" -> new Select(connect(), items);
      case "postgresql.join" -> new Join(connect(), items);
      case "postgresql.insert" -> new Write(connect(), items, true, false);
      case "postgresql.update" -> new Write(connect(), items, false, false);
      case "postgresql.commit" -> new Write(connect(), items, true, true);
      case "neo4j.lookup" ->
          cypher("match (i:LoadItem {sku: $sku}) return i.sku as sku, i.brand", 1);
      case "neo4j.relationship" ->
          cypher(
              "match (:LoadItem {sku: $sku})-[r:BOUGHT_WITH]-(o) return o.sku as sku, r.count"
                  + " order by r.count desc limit 20",
              5);
      case "neo4j.traversal" ->
          cypher(
              "match (:LoadItem {sku:"
                  + " $sku})-[:BOUGHT_WITH]->()-[:BOUGHT_WITH]->()-[:BOUGHT_WITH]->(o) return o.sku"
                  + " as sku, count(*) as paths order by paths desc limit 20",
              1);
      case "neo4j.pattern" ->
          cypher(
              "match (a:LoadItem {sku: $sku})-[:BOUGHT_WITH]-(m)-[:BOUGHT_WITH]-(o:LoadItem)"
                  + " where o.group = a.group and o.brand <> a.brand and not (a)-[:BOUGHT_WITH]-(o)"
                  + " return o.sku as sku, count(distinct m) as shared, sum(o.brand) as brands"
                  + " order by shared desc limit 20",
              0);
      case "chroma.search" -> chroma.nearest(10);
      case "chroma.similarity" -> chroma.nearest(50);
      case "chroma.store" -> chroma.storing();
      case "chroma.collection" -> chroma.counting();
      case "redis.hit" ->
          redis(random -> redis.get("load:hit:" + random.nextInt(items)), VALUE::equals);
      case "redis.miss" ->
          redis(random -> redis.get("load:none:" + random.nextInt(items)), value -> value == null);
      case "redis.session" ->
          redis(
              random -> redis.hgetAll("load:session:" + random.nextInt(items)),
              value -> value instanceof Map<?, ?> session && session.size() == 3);
      case "redis.store" ->
          redis(
              random -> redis.setex("load:set:" + random.nextInt(items), 600, VALUE), "OK"::equals);
      default -> throw new IOException("operation '" + name + "' is not known");
    };
  }

  // ---- PostgreSQL

  private Connection connect() throws SQLException {
    JsonNode address = told.path("postgresql");
    return DriverManager.getConnection(
        address.path("url").asText(),
        address.path("user").asText(),
        address.path("password").asText());
  }

  private void fillPostgresql() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "drop schema if exists " + SCHEMA + " cascade",
              "create schema " + SCHEMA,
              "create table load_operations.item as select i as id, 'm' || i as sku,"
                  + " 'Item ' || md5(i::text) as title, 0::bigint as seen from generate_series(0, "
                  + (items - 1)
                  + ") i",
              "alter table load_operations.item add primary key (id)",
              "create table load_operations.interaction (id bigint generated always as identity"
                  + " primary key, user_id int not null, item_id int not null,"
                  + " at timestamptz not null default now())",
              "insert into load_operations.interaction (user_id, item_id) select i % "
                  + USERS_PER_ITEM * items
                  + ", (i::bigint * 7919) % "
                  + items
                  + " from generate_series(0, "
                  + (INTERACTIONS_PER_ITEM * items - 1)
                  + ") i",
              "create index on load_operations.interaction (user_id, at)",
              "vacuum analyze load_operations.item",
              "vacuum analyze load_operations.interaction")) {
        statement.execute(sql);
      }
      schema = true;
    }
  }

  private static final class Select implements Operation {
    private final Connection connection;
    private final PreparedStatement select;
    private final int items;

    Select(Connection connection, int items) throws SQLException {
      this.connection = connection;
      this.items = items;
      this.select =
          connection.prepareStatement("select sku, title from load_operations.item where id = ?");
    }

    @Override
    public Request next(SplittableRandom random) throws SQLException {
      int item = random.nextInt(items);
      select.setInt(1, item);
      return () -> {
        try (ResultSet rows = select.executeQuery()) {
          return Operation.Looked.at(
              rows.next() && rows.getString(1).equals("m" + item), "another row is answered");
        }
      };
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  private static final class Join implements Operation {
    private final Connection connection;
    private final PreparedStatement join;
    private final int items;

    Join(Connection connection, int items) throws SQLException {
      this.connection = connection;
      this.items = items;
      this.join =
          connection.prepareStatement(
              "select i.sku, i.title, count(*) from load_operations.interaction x"
                  + " join load_operations.item i on i.id = x.item_id where x.user_id = ?"
                  + " group by i.sku, i.title order by 3 desc limit 20");
    }

    @Override
    public Request next(SplittableRandom random) throws SQLException {
      join.setInt(1, random.nextInt(USERS_PER_ITEM * items));
      return () -> {
        int count = 0;
        try (ResultSet rows = join.executeQuery()) {
          while (rows.next()) {
            count++;
          }
        }
        return Operation.Looked.at(count > 0, "the join is empty");
      };
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  private static final class Write implements Operation {
    private final Connection connection;
    private final PreparedStatement insert;
    private final int items;
    private final PreparedStatement update;
    private final boolean inserts;
    private final boolean commits;

    Write(Connection connection, int items, boolean inserts, boolean commits) throws SQLException {
      this.connection = connection;
      this.items = items;
      this.inserts = inserts;
      this.commits = commits;
      connection.setAutoCommit(!commits);
      insert =
          connection.prepareStatement(
              "insert into load_operations.interaction (user_id, item_id) values (?, ?)");
      update =
          connection.prepareStatement(
              "update load_operations.item set seen = seen + 1 where id = ?");
    }

    @Override
    public Request next(SplittableRandom random) throws SQLException {
      insert.setInt(1, random.nextInt(USERS_PER_ITEM * items));
      insert.setInt(2, random.nextInt(items));
      update.setInt(1, random.nextInt(items));
      return () -> {
        if (!commits) {
          int rows = inserts ? insert.executeUpdate() : update.executeUpdate();
          return Operation.Looked.at(rows == 1, rows + " rows were written");
        }
        int rows = insert.executeUpdate() + update.executeUpdate();
        // The two statements have classes of their own: here only the commit counts.
        long before = System.nanoTime();
        connection.commit();
        return Operation.Looked.own(
            System.nanoTime() - before, rows == 2 ? null : "not both rows were written");
      };
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  // ---- Neo4j

  private void fillNeo4j() {
    JsonNode address = told.path("neo4j");
    driver =
        GraphDatabase.driver(
            address.path("url").asText(),
            AuthTokens.basic(address.path("user").asText(), address.path("password").asText()));
    emptyNeo4j();
    try (Session session = driver.session()) {
      session
          .run("create constraint load_item if not exists for (i:LoadItem) require i.sku is unique")
          .consume();
      session
          .run(
              "unwind range(0, $last) as i call (i) { create (:LoadItem {sku: 'm' + i,"
                  + " group: i / 100, brand: i % 300}) } in transactions of 5000 rows",
              Map.of("last", items - 1))
          .consume();
      session.run("call db.awaitIndexes()").consume();
      session
          .run(
              "unwind range(0, $last) as i call (i) { match (a:LoadItem {sku: 'm' + i})"
                  + " unwind range(1, 10) as k match (b:LoadItem {sku: 'm' + ((i / 100) * 100 +"
                  + " (i * 7 + k * k * 13) % 100)}) create (a)-[:BOUGHT_WITH {count: k}]->(b) }"
                  + " in transactions of 2000 rows",
              Map.of("last", items - 1))
          .consume();
    }
  }

  private void emptyNeo4j() {
    try (Session session = driver.session()) {
      session
          .run("match (i:LoadItem) call (i) { detach delete i } in transactions of 2000 rows")
          .consume();
    }
  }

  private Operation cypher(String query, int fewest) {
    Session session = driver.session();
    return new Operation() {
      @Override
      public Request next(SplittableRandom random) {
        String sku = "m" + random.nextInt(items);
        return () -> {
          List<Record> rows = session.run(query, Values.parameters("sku", sku)).list();
          boolean right =
              rows.size() >= fewest
                  && rows.stream().allMatch(row -> row.get("sku").asString("").startsWith("m"));
          return Operation.Looked.at(right, "fewer rows than there are");
        };
      }

      @Override
      public void close() {
        session.close();
      }
    };
  }

  // ---- Redis

  private interface Command {
    Object run(SplittableRandom random);
  }

  private interface Look {
    boolean isRight(Object value);
  }

  private void fillRedis(int threads) {
    redis =
        RedisClient.builder()
            .fromURI(told.path("redis").path("url").asText())
            .poolConfig(pool(threads))
            .build();
    for (int i = 0; i < items; i++) {
      redis.setex("load:hit:" + i, 7200, VALUE);
      redis.hset("load:session:" + i, Map.of("user", "u" + i, "seen", "a b c", "cart", "d"));
      redis.expire("load:session:" + i, 7200);
    }
  }

  private static redis.clients.jedis.ConnectionPoolConfig pool(int threads) {
    redis.clients.jedis.ConnectionPoolConfig pool = new redis.clients.jedis.ConnectionPoolConfig();
    pool.setMaxTotal(threads + 8);
    pool.setMaxIdle(threads + 8);
    pool.setTestWhileIdle(false);
    return pool;
  }

  private static Operation redis(Command command, Look look) {
    return random ->
        () -> Operation.Looked.at(look.isRight(command.run(random)), "another value is answered");
  }

  // ---- ChromaDB

  private void fillChroma(int threads) throws IOException {
    chroma =
        new ChromaOperations(URI.create(told.path("chroma").path("url").asText()), items, threads);
    chroma.fill();
  }

  @Override
  public void close() throws Exception {
    if (schema) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        statement.execute("drop schema if exists " + SCHEMA + " cascade");
      }
    }
    if (driver != null) {
      emptyNeo4j();
      driver.close();
    }
    if (redis != null) {
      redis.close();
    }
    if (chroma != null) {
      chroma.close();
    }
  }
}
