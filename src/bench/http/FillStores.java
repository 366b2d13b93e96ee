import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;

/**
 * Fills PostgreSQL and Neo4j directly with a made-up shop like that of MadeUpShop, for sizes that
 * would take hours over HTTP. The outbox stays empty: no text is embedded, and what Redis knows of
 * popularity comes from a rebuild of that target.
 *
 * <p>Arguments: JDBC address, user, password, address, user and password of Neo4j, items, users,
 * interactions. Needs the drivers on the class path.
 */
final class FillStores {
  private static final int GROUP = 100;

  private FillStores() {}

  public static void main(String[] args) throws SQLException {
    int items = Integer.parseInt(args[6]);
    int users = Integer.parseInt(args[7]);
    int interactions = Integer.parseInt(args[8]);
    try (Connection connection = DriverManager.getConnection(args[0], args[1], args[2]);
        Statement statement = connection.createStatement()) {
      timed(
          "items",
          () ->
              statement.execute(
                  "insert into item (sku, title, brand, version, created_at, updated_at)"
                      + " select 'm' || i, (array['cordless','green','wool','steel','cotton'])[1 + i % 5]"
                      + " || ' ' || (array['lamp','drill','rug','mat','bottle','pan','desk'])[1 + i / 100 % 7]"
                      + " || ' ' || i, 'Maker ' || i / 100 % 300, 1, now(), now()"
                      + " from generate_series(0, "
                      + (items - 1)
                      + ") i"));
      int groups = Math.max(1, items / GROUP);
      timed(
          "interactions",
          () ->
              statement.execute(
                  "insert into interaction (event, user_id, sku, kind, at, received_at)"
                      + " select md5('s' || i)::uuid, 'u' || u, 'm' || least("
                      + (items - 1)
                      + ", ((u * 31 + floor(random() * 3)::bigint) * 7919 % "
                      + groups
                      + ") * 100 + floor(power(100, random()) - 1)::int),"
                      + " (array['view','view','view','view','cart','purchase'])[1 + floor(random() * 6)::int],"
                      + " now() - interval '0.1 s' * ("
                      + interactions
                      + " - i), now() from (select i, floor(random() * "
                      + users
                      + ")::bigint as u from generate_series(1, "
                      + interactions
                      + ") i) drawn"));
      timed("analysis", () -> statement.execute("vacuum analyze item, interaction"));
    }
    try (Driver driver = GraphDatabase.driver(args[3], AuthTokens.basic(args[4], args[5]));
        Session session = driver.session()) {
      timed(
          "nodes",
          () ->
              session
                  .run(
                      "unwind range(0, $last) as i call (i) { merge (n:Item {sku: 'm' + i})"
                          + " set n.title = 'Item ' + i, n.brand = 'Maker ' + (i / 100 % 300),"
                          + " n.version = 1, n.hidden = false, n.inStock = true }"
                          + " in transactions of 10000 rows",
                      Map.of("last", items - 1))
                  .consume());
      // Each with five others of its group, the popular ones more often.
      timed(
          "relationships",
          () ->
              session
                  .run(
                      "unwind range(0, $last) as i call (i) { match (a:Item {sku: 'm' + i})"
                          + " unwind range(1, 5) as k with a, i, k,"
                          + " i - i % 100 + toInteger(rand() * rand() * 100) as j where j <> i and j <= $last"
                          + " match (b:Item {sku: 'm' + j}) create (a)-[:BOUGHT_WITH {count: k}]->(b) }"
                          + " in transactions of 5000 rows",
                      Map.of("last", items - 1))
                  .consume());
    }
  }

  private interface Work {
    void run() throws SQLException;
  }

  private static void timed(String what, Work work) throws SQLException {
    long began = System.nanoTime();
    work.run();
    System.out.printf(Locale.ROOT, "%s: %.1f s%n", what, (System.nanoTime() - began) / 1e9);
  }
}
