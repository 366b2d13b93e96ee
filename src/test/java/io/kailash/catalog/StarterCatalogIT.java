package io.kailash.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.EmbeddedStack;
import io.kailash.stack.Eventually;
import io.kailash.stack.PostgresAddress;
import io.kailash.stack.RunningService;
import io.kailash.stack.ServiceProcess;
import io.kailash.stack.Setting;
import io.kailash.stack.StackSettings;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The sample in a schema of its own, beside that of the other tests. */
class StarterCatalogIT {
  private static final RunningService SERVICE = RunningService.get();
  private static final String SCHEMA = "starter_it";

  private static int itemsInFile;
  private static Found first;
  private static Found resumed;

  /** How many rows there were after a start. */
  private record Found(
      long firstVersions, long labels, long changes, long taxonomyVersions, long bulks) {
    static Found now() throws SQLException {
      return new Found(
          count("item where version = 1"),
          count("label where source = 'sample'"),
          count("label_change"),
          count("taxonomy_version where sample"),
          count("audit_entry where action = 'item.bulk'"));
    }
  }

  @BeforeAll
  static void startWithTheSample() throws Exception {
    try (var rows =
        CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .get()
            .parse(
                new InputStreamReader(
                    StarterCatalogIT.class.getResourceAsStream("/starter/items.csv"),
                    StandardCharsets.UTF_8))) {
      itemsInFile = rows.getRecords().size();
    }
    assertThat(itemsInFile).isPositive();
    run("create schema " + SCHEMA);
    start(1);
    first = Found.now();
    // What a crash leaves: the taxonomy is committed, items and labels are not.
    run("truncate label_change, label, item_words, item");
    start(2);
    resumed = Found.now();
  }

  @Test
  void anEmptyServiceLoadsTheSample() {
    long chunks = (itemsInFile + 999) / 1000;
    assertThat(first).isEqualTo(new Found(itemsInFile, itemsInFile, itemsInFile, 1, chunks));
  }

  @Test
  void aLoadThatWasCutShortIsMadeGoodOnceByInstancesThatStartTogether() {
    assertThat(resumed)
        .isEqualTo(new Found(itemsInFile, itemsInFile, itemsInFile, 1, 2 * first.bulks()));
  }

  @Test
  void aServiceThatWasToldSoStartsEmpty() {
    assertThat(SERVICE.get("/api/v1/taxonomies/" + StarterCatalog.TAXONOMY).status())
        .isEqualTo(404);
  }

  /**
   * Starts instances with the sample switched on, all at once, and ends them when each has looked
   * after it.
   */
  private static void start(int instances) throws Exception {
    PostgresAddress postgres = SERVICE.addresses().postgres();
    StackSettings settings =
        StackSettings.ofProcess()
            .with(Setting.DATA, "target/it/" + SCHEMA)
            .with(Setting.HTTP_PORT, "0")
            .with(Setting.POSTGRES_USER, postgres.user())
            .with(Setting.POSTGRES_PASSWORD, postgres.password())
            .with(Setting.POSTGRES_URL, url())
            .with(Setting.REDIS_URL, SERVICE.addresses().redis().uri().toString())
            .with(Setting.NEO4J_USER, SERVICE.addresses().neo4j().user())
            .with(Setting.NEO4J_PASSWORD, SERVICE.addresses().neo4j().password())
            .with(Setting.NEO4J_URL, SERVICE.addresses().neo4j().uri().toString())
            .with(Setting.VECTORS, "lucene")
            .with(Setting.STARTER, "true");
    ExecutorService pool = Executors.newFixedThreadPool(instances);
    try (EmbeddedStack stack = EmbeddedStack.start(settings, line -> {})) {
      List<Future<ServiceProcess>> starting = new ArrayList<>();
      for (int i = 0; i < instances; i++) {
        starting.add(pool.submit(() -> ServiceProcess.start(stack, 0)));
      }
      for (Future<ServiceProcess> started : starting) {
        try (ServiceProcess service = started.get()) {
          Eventually.until(
              "the sample is in place",
              () ->
                  Files.readString(service.log(), StandardCharsets.UTF_8)
                      .contains("the sample is in place"));
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static String url() {
    String own = SERVICE.addresses().postgres().jdbcUrl();
    return own + (own.contains("?") ? "&" : "?") + "currentSchema=" + SCHEMA;
  }

  private static Connection connect() throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url());
    source.setUser(SERVICE.addresses().postgres().user());
    source.setPassword(SERVICE.addresses().postgres().password());
    return source.getConnection();
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(String rows) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet counted = statement.executeQuery("select count(*) from " + rows)) {
      counted.next();
      return counted.getLong(1);
    }
  }
}
