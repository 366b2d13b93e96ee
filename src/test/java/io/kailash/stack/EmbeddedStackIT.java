package io.kailash.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import redis.clients.jedis.Jedis;

class EmbeddedStackIT {

  @TempDir Path temporary;
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private StackSettings settings() {
    return StackSettings.ofProcess()
        .with(Setting.DATA, temporary.resolve("data").toString())
        .with(Setting.HTTP_PORT, "0")
        .with(Setting.POSTGRES_PORT, "0")
        .with(Setting.REDIS_PORT, "0")
        .with(Setting.NEO4J_PORT, "0")
        .with(Setting.CHROMA_PORT, "0");
  }

  /** PostgreSQL is the shared one of this JVM: then a start needs only what the test is about. */
  private StackSettings withoutPostgresAndNeo4j() {
    StackAddresses shared = RunningService.get().addresses();
    return settings()
        .with(Setting.POSTGRES_USER, shared.postgres().user())
        .with(Setting.POSTGRES_PASSWORD, shared.postgres().password())
        .with(Setting.POSTGRES_URL, shared.postgres().jdbcUrl())
        .with(Setting.NEO4J_USER, shared.neo4j().user())
        .with(Setting.NEO4J_PASSWORD, shared.neo4j().password())
        .with(Setting.NEO4J_URL, shared.neo4j().uri().toString())
        .with(Setting.VECTORS, "lucene");
  }

  @Test
  void secondStartFindsWhatTheFirstOneCommitted() throws Exception {
    StackSettings settings = settings().with(Setting.VECTORS, "lucene");
    Path secrets = Files.createDirectories(temporary.resolve("data/secrets"));
    for (String name : List.of("postgres-superuser", "postgres-kailash", "redis", "neo4j")) {
      // Random text begins with a dash now and then, which must not pass for an option.
      Files.writeString(secrets.resolve(name), "-" + name + "-_0123456789abcdefghijklmnop\n");
    }
    String key;
    try (EmbeddedStack stack = EmbeddedStack.start(settings, told::add)) {
      key = stack.administratorKey();
      inPostgres(
          stack, "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES (lower('ÄPFEL'))");
      try (Driver driver = driver(stack)) {
        driver.executableQuery("CREATE (:Kept {word: 'plums'})").execute();
      }
      try (Jedis redis = new Jedis(stack.addresses().redis().uri())) {
        redis.set("kept", "pears");
      }
    }
    try (EmbeddedStack stack = EmbeddedStack.start(settings, told::add)) {
      assertThat(stack.administratorKey()).isEqualTo(key);
      assertThat(fromPostgres(stack, "SELECT word FROM kept")).isEqualTo("äpfel");
      try (Driver driver = driver(stack);
          Jedis redis = new Jedis(stack.addresses().redis().uri())) {
        assertThat(
                driver
                    .executableQuery("MATCH (k:Kept) RETURN k.word")
                    .execute()
                    .records()
                    .get(0)
                    .get(0)
                    .asString())
            .isEqualTo("plums");
        assertThat(redis.get("kept")).isEqualTo("pears");
      }
    }
    assertThat(told)
        .filteredOn(line -> line.contains("stopped in"))
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .containsExactly("Neo4j", "Redis", "PostgreSQL", "Neo4j", "Redis", "PostgreSQL");
  }

  @Test
  @Needs("chroma")
  void chromaKeepsItsCollections() throws Exception {
    StackSettings settings = withoutPostgresAndNeo4j().with(Setting.VECTORS, "chroma");
    String collections = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    HttpClient client = HttpClient.newHttpClient();
    try (EmbeddedStack stack = EmbeddedStack.start(settings, told::add)) {
      URI chroma = stack.addresses().chroma().orElseThrow();
      client.send(
          HttpRequest.newBuilder(chroma.resolve(collections))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"name\":\"kept\"}"))
              .build(),
          BodyHandlers.ofString());
    }
    try (EmbeddedStack stack = EmbeddedStack.start(settings, told::add)) {
      URI chroma = stack.addresses().chroma().orElseThrow();
      assertThat(
              client
                  .send(
                      HttpRequest.newBuilder(chroma.resolve(collections)).build(),
                      BodyHandlers.ofString())
                  .body())
          .contains("\"name\":\"kept\"");
    }
  }

  @Test
  void storesAreSetAsTheTargetsAsk() throws Exception {
    EmbeddedStack stack = RunningService.get().stack();

    assertThat(fromPostgres(stack, "SHOW fsync")).isEqualTo("on");
    assertThat(fromPostgres(stack, "SHOW synchronous_commit")).isEqualTo("on");
    assertThat(fromPostgres(stack, "SHOW server_encoding")).isEqualTo("UTF8");
    assertThat(fromPostgres(stack, "SHOW data_checksums")).isEqualTo("on");
    try (Jedis redis = new Jedis(stack.addresses().redis().uri())) {
      assertThat(redis.configGet("maxmemory*"))
          .containsEntry("maxmemory-policy", "allkeys-lru")
          .containsEntry("maxmemory", Long.toString(128L * 1024 * 1024));
    }
  }

  @Test
  void strangersWithoutAPasswordAreTurnedAway() {
    StackAddresses addresses = RunningService.get().addresses();

    assertThatThrownBy(
            () ->
                DriverManager.getConnection(
                        addresses.postgres().jdbcUrl(), addresses.postgres().user(), "guess")
                    .close())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
    assertThatThrownBy(
            () -> {
              try (Jedis redis =
                  new Jedis(addresses.redis().uri().getHost(), addresses.redis().uri().getPort())) {
                redis.get("anything");
              }
            })
        .hasMessageContaining("NOAUTH");
    assertThatThrownBy(
            () -> {
              try (Driver driver =
                  GraphDatabase.driver(
                      addresses.neo4j().uri(), AuthTokens.basic("neo4j", "neo4jneo4j"))) {
                driver.verifyConnectivity();
              }
            })
        .hasMessageContaining("unauthorized");
  }

  @Test
  void nothingListensBeyondLoopback() throws IOException {
    List<String> ours = new ArrayList<>();
    for (ServerProcess process : RunningService.get().stack().launch().started()) {
      ours.addAll(listeningAddresses(process.pid()));
    }

    assertThat(ours).hasSizeGreaterThanOrEqualTo(4);
    assertThat(ours)
        .allSatisfy(
            address ->
                assertThat(address)
                    .containsAnyOf(
                        // 127.0.0.1 and ::ffff:127.0.0.1 in the kernel's own byte order
                        "0100007F:", "0000000000000000FFFF00000100007F:"));
  }

  /** Local addresses of the listening sockets of one process, as the kernel writes them. */
  private static List<String> listeningAddresses(long pid) throws IOException {
    List<String> sockets = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String target = Files.readSymbolicLink(file).toString();
        if (target.startsWith("socket:[")) {
          sockets.add(target.substring(8, target.length() - 1));
        }
      }
    }
    List<String> addresses = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/net/" + table))) {
        String[] columns = line.strip().split("\\s+", -1);
        boolean listens = columns[3].equals("0A");
        if (listens && sockets.contains(columns[9])) {
          addresses.add(columns[1]);
        }
      }
    }
    return addresses;
  }

  @Test
  void passwordsAreOnNoCommandLine() throws IOException {
    RunningService service = RunningService.get();
    StackAddresses addresses = service.addresses();
    for (ServerProcess process : service.stack().launch().started()) {
      String commandLine =
          Files.readString(
              Path.of("/proc/" + process.pid() + "/cmdline"),
              java.nio.charset.StandardCharsets.ISO_8859_1);
      assertThat(commandLine)
          .as(process.name())
          .isNotEmpty()
          .doesNotContain(
              service.adminKey(),
              addresses.postgres().password(),
              addresses.neo4j().password(),
              addresses.redis().uri().getUserInfo().substring(1));
    }
  }

  @Test
  void existingServersAreUsedAndNothingIsEmbeddedForThem() throws Exception {
    StackAddresses shared = RunningService.get().addresses();
    StackSettings settings =
        withoutPostgresAndNeo4j().with(Setting.REDIS_URL, shared.redis().uri().toString());

    try (EmbeddedStack stack = EmbeddedStack.start(settings, told::add)) {
      assertThat(stack.launch().started()).isEmpty();
      assertThat(stack.addresses().postgres()).isEqualTo(shared.postgres());
      assertThat(stack.addresses().redis()).isEqualTo(shared.redis());
      assertThat(stack.addresses().neo4j()).isEqualTo(shared.neo4j());
      assertThat(stack.addresses().chroma()).isEmpty();
      assertThat(stack.chromaAbsence()).isPresent();
    }
  }

  @Test
  void portInUseIsNamedAndNothingIsStarted() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      StackSettings settings =
          settings().with(Setting.CHROMA_PORT, Integer.toString(taken.getLocalPort()));

      assertThatThrownBy(() -> EmbeddedStack.start(settings, told::add))
          .isInstanceOf(StackFailure.class)
          .hasMessageContaining("kailash.chroma.port");
    }
    assertThat(temporary.resolve("data/run")).isEmptyDirectory();
    assertThat(temporary.resolve("data/postgres")).doesNotExist();
  }

  @Test
  void tooLittleDiskOrMemoryIsNamedAndNothingIsStarted() {
    assertThatThrownBy(
            () ->
                EmbeddedStack.start(settings().with(Setting.DISK_MINIMUM, "99999999g"), told::add))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("kailash.disk.minimum");
    assertThatThrownBy(
            () ->
                EmbeddedStack.start(
                    settings().with(Setting.MEMORY_MINIMUM, "99999999g"), told::add))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("kailash.memory.minimum");
    assertThat(temporary.resolve("data/run")).isEmptyDirectory();
  }

  @Test
  void failureOfOneStoreEndsTheOthers() throws Exception {
    // The folder holds something that is no PostgreSQL data.
    Files.createDirectories(temporary.resolve("data/postgres"));

    assertThatThrownBy(() -> EmbeddedStack.start(settings(), told::add))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("holds no PostgreSQL data");

    assertThat(temporary.resolve("data/run")).isEmptyDirectory();
    DataFolder.open(temporary.resolve("data"), new SecureRandom()).close();
  }

  @Test
  void failedDeploymentIsToldWithItsCause() throws Exception {
    StackSettings settings =
        withoutPostgresAndNeo4j()
            .with(Setting.REDIS_URL, RunningService.get().addresses().redis().uri().toString())
            .withServiceSetting("kailash.postgres.pool.max", "plenty");
    try (EmbeddedStack stack = EmbeddedStack.start(settings, told::add)) {
      assertThatThrownBy(() -> ServiceProcess.start(stack))
          .isInstanceOf(StackFailure.class)
          .hasMessageContaining("The service's deployment failed")
          .hasMessageContaining("kailash.postgres.pool.max");
      assertThat(stack.launch().started()).isEmpty();
    }
  }

  @Test
  void crashedStoreIsReported() throws Exception {
    try (EmbeddedStack stack = EmbeddedStack.start(withoutPostgresAndNeo4j(), told::add)) {
      assertThat(stack.endedUnexpectedly()).isEmpty();
      stack.launch().started().get(0).kill();
      assertThat(stack.endedUnexpectedly())
          .singleElement()
          .asString()
          .startsWith("Redis")
          .contains("Last lines of");
    }
    assertThat(told.get(told.size() - 1).toLowerCase(Locale.ROOT)).contains("had ended already");
  }

  private static void inPostgres(EmbeddedStack stack, String... statements) throws SQLException {
    try (Connection connection = connection(stack);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String fromPostgres(EmbeddedStack stack, String query) throws SQLException {
    try (Connection connection = connection(stack);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static Connection connection(EmbeddedStack stack) throws SQLException {
    PostgresAddress postgres = stack.addresses().postgres();
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
  }

  private static Driver driver(EmbeddedStack stack) {
    Neo4jAddress neo4j = stack.addresses().neo4j();
    return GraphDatabase.driver(neo4j.uri(), AuthTokens.basic(neo4j.user(), neo4j.password()));
  }
}
