package io.kailash.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.EmbeddedStack;
import io.kailash.stack.PostgresAddress;
import io.kailash.stack.RunningService;
import io.kailash.stack.ServiceProcess;
import io.kailash.stack.Setting;
import io.kailash.stack.StackSettings;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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

/** The sample on databases of its own, beside the one of the other tests. */
class StarterCatalogIT {
  private static final RunningService SERVICE = RunningService.get();
  private static int itemsInFile;

  @BeforeAll
  static void twoInstancesStartTogether() throws Exception {
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
    administer("create database starter_together");
    start("starter_together", 2);
  }

  @Test
  void ofTwoInstancesThatStartAtOnceOneLoadsTheSample() throws SQLException {
    assertThat(count("starter_together", "item where version = 1")).isEqualTo(itemsInFile);
    assertThat(count("starter_together", "label where source = 'sample'")).isEqualTo(itemsInFile);
    assertThat(count("starter_together", "label_change")).isEqualTo(itemsInFile);
    assertThat(count("starter_together", "taxonomy_version where sample")).isEqualTo(1);
    assertThat(count("starter_together", "audit_entry where action = 'taxonomy.import'"))
        .isEqualTo(1);
  }

  @Test
  void aLoadThatWasCutShortIsMadeGoodAtTheNextStart() throws Exception {
    administer("create database starter_cut template starter_together");
    try (Connection connection = connect("starter_cut");
        Statement statement = connection.createStatement()) {
      // What a crash leaves: the taxonomy is committed, items and labels are not.
      statement.execute("truncate label_change, label, item");
    }
    start("starter_cut", 1);
    assertThat(count("starter_cut", "item")).isEqualTo(itemsInFile);
    assertThat(count("starter_cut", "label")).isEqualTo(itemsInFile);
    assertThat(count("starter_cut", "taxonomy_version")).isEqualTo(1);
  }

  @Test
  void aServiceThatWasToldSoStartsEmpty() {
    assertThat(SERVICE.get("/api/v1/taxonomies/" + StarterCatalog.TAXONOMY).status())
        .isEqualTo(404);
  }

  /** Starts instances with the sample switched on, all at once, and ends them when ready. */
  private static void start(String database, int instances) throws Exception {
    PostgresAddress postgres = SERVICE.addresses().postgres();
    StackSettings settings =
        StackSettings.ofProcess()
            .with(Setting.DATA, "target/it/" + database)
            .with(Setting.HTTP_PORT, "0")
            .with(Setting.POSTGRES_URL, url(database))
            .with(Setting.POSTGRES_USER, postgres.user())
            .with(Setting.POSTGRES_PASSWORD, postgres.password())
            .with(Setting.REDIS_URL, SERVICE.addresses().redis().uri().toString())
            .with(Setting.NEO4J_URL, SERVICE.addresses().neo4j().uri().toString())
            .with(Setting.NEO4J_USER, SERVICE.addresses().neo4j().user())
            .with(Setting.NEO4J_PASSWORD, SERVICE.addresses().neo4j().password())
            .with(Setting.VECTORS, "lucene")
            .with(Setting.STARTER, "true");
    ExecutorService pool = Executors.newFixedThreadPool(instances);
    try (EmbeddedStack stack = EmbeddedStack.start(settings, line -> {})) {
      List<Future<ServiceProcess>> starting = new ArrayList<>();
      for (int i = 0; i < instances; i++) {
        starting.add(pool.submit(() -> ServiceProcess.start(stack, 0)));
      }
      for (Future<ServiceProcess> started : starting) {
        started.get().close();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static String url(String database) {
    String own = SERVICE.addresses().postgres().jdbcUrl();
    int query = own.indexOf('?');
    String base = query < 0 ? own : own.substring(0, query);
    return base.substring(0, base.lastIndexOf('/') + 1)
        + database
        + (query < 0 ? "" : own.substring(query));
  }

  private static Connection connect(String database) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url(database));
    source.setUser(SERVICE.addresses().postgres().user());
    source.setPassword(SERVICE.addresses().postgres().password());
    return source.getConnection();
  }

  private static void administer(String sql) throws SQLException {
    try (Connection connection = SERVICE.connection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(String database, String rows) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet counted = statement.executeQuery("select count(*) from " + rows)) {
      counted.next();
      return counted.getLong(1);
    }
  }
}
