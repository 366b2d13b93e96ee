package io.kailash.recommendation.sources;

import io.kailash.platform.Neo4j;
import io.kailash.platform.StoreTimings;
import io.kailash.platform.StoreWatch;
import io.kailash.recommendation.model.WeightedItem;
import io.kailash.recommendation.sources.Found.Why;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.Values;

/**
 * What the graph has around items: bought together, of the same category and brand, and, where that
 * is little, what is reached over two steps of having been bought together. (A third step tripled
 * the time of a question.)
 */
@Singleton
public class GraphSource implements NeighbourSource {
  private static final String STORE = "neo4j";
  private static final int MOST_ITEMS = 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** With fewer than these bought together, further steps are taken. */
  private static final int ENOUGH = 20;

  /** Which of them the graph knows, and with how many others each was bought. */
  private static final String KNOWN =
      """
      UNWIND $skus AS sku MATCH (i:Item {sku: sku})
      RETURN sku, COUNT { (i)-[:BOUGHT_WITH]-() } AS together
      """;

  private static final String TOGETHER =
      """
      UNWIND $skus AS sku MATCH (i:Item {sku: sku})
      CALL {
        WITH i MATCH (i)-[b:BOUGHT_WITH]-(o:Item)
        RETURN o.sku AS other, b.count / (b.count + 3.0) AS score
        ORDER BY b.count DESC LIMIT 50
      }
      RETURN sku, other, score, 'BOUGHT_WITH' AS why
      """;

  private static final String ALIKE =
      """
      UNWIND $skus AS sku MATCH (i:Item {sku: sku})
      CALL {
        WITH i MATCH (i)-[:IN]->(c:Category) MATCH (c)<-[:IN]-(o:Item) WHERE o <> i
        WITH i, o LIMIT 200
        WITH o, CASE WHEN o.brand = i.brand THEN 0.15 ELSE 0.05 END AS score
        ORDER BY score DESC LIMIT 30
        RETURN o.sku AS other, score,
          CASE score WHEN 0.15 THEN 'SAME_BRAND' ELSE 'SAME_CATEGORY' END AS why
      }
      RETURN sku, other, score, why
      """;

  private static final String NEAR =
      """
      UNWIND $skus AS sku MATCH (i:Item {sku: sku})
      CALL {
        WITH i MATCH (i)-[a:BOUGHT_WITH]-(m:Item) WITH i, a, m ORDER BY a.count DESC LIMIT 8
        MATCH (m)-[b:BOUGHT_WITH]-(n:Item) WHERE n <> i
        WITH n, sum(a.count / (a.count + 3.0) * b.count / (b.count + 3.0)) AS two
        ORDER BY two DESC LIMIT 30
        RETURN n.sku AS other, 0.3 * two AS score
      }
      RETURN sku, other, score, 'NEAR' AS why
      """;

  private final Neo4j neo4j;
  private final StoreTimings timings;
  private final StoreWatch watch;
  private final long timeoutNanos;
  private final Neighbours neighbours;

  @Inject
  GraphSource(Neo4j neo4j, StoreTimings timings, StoreWatch watch, Guards guards) {
    this.neo4j = neo4j;
    this.timings = timings;
    this.watch = watch;
    timeoutNanos = guards.timeout().toNanos();
    neighbours =
        new Neighbours(guards.neighbourBytes(), guards.of("graph"), System::nanoTime, this::ask);
  }

  @Override
  public Looking around(List<WeightedItem> strongestFirst) {
    return neighbours.around(strongestFirst, MOST_ITEMS, isThere(), timeoutNanos);
  }

  @Override
  public void changed(Collection<String> skus) {
    neighbours.changed(skus);
  }

  @Override
  public boolean isFull() {
    return neighbours.isFull();
  }

  @Override
  public void prepare(List<String> skus) {
    if (isThere()) {
      neighbours.prepare(skus, timeoutNanos);
    }
  }

  /** Whether the graph answered when it was last asked. */
  private boolean isThere() {
    return watch.state(STORE).reachable();
  }

  private Map<String, List<Found>> ask(List<String> skus) throws Exception {
    Map<String, List<Found>> found = new HashMap<>();
    try (Session session =
        neo4j
            .driver()
            .session(SessionConfig.builder().withDefaultAccessMode(AccessMode.READ).build())) {
      Map<String, Long> together =
          timings.time(STORE, "lookup", () -> boughtTogether(session, skus));
      List<String> bought = new ArrayList<>();
      List<String> lonely = new ArrayList<>();
      together.forEach(
          (sku, count) -> {
            if (count > 0) {
              bought.add(sku);
              if (count < ENOUGH) {
                lonely.add(sku);
              }
            }
          });
      if (!bought.isEmpty()) {
        timings.time(STORE, "relationship", () -> run(session, TOGETHER, bought, found));
      }
      if (!lonely.isEmpty()) {
        timings.time(STORE, "traversal", () -> run(session, NEAR, lonely, found));
      }
      if (!together.isEmpty()) {
        List<String> known = List.copyOf(together.keySet());
        timings.time(STORE, "pattern", () -> run(session, ALIKE, known, found));
      }
    }
    return found;
  }

  private static Map<String, Long> boughtTogether(Session session, List<String> skus) {
    Map<String, Long> together = new HashMap<>();
    for (Record row : rows(session, KNOWN, skus)) {
      together.put(row.get("sku").asString(), row.get("together").asLong());
    }
    return together;
  }

  private static List<Record> rows(Session session, String query, List<String> skus) {
    TransactionConfig config = TransactionConfig.builder().withTimeout(TIMEOUT).build();
    return session.run(query, Values.parameters("skus", skus).asMap(), config).list();
  }

  private static Void run(
      Session session, String query, List<String> skus, Map<String, List<Found>> found) {
    for (Record row : rows(session, query, skus)) {
      String sku = row.get("sku").asString();
      found
          .computeIfAbsent(sku, key -> new ArrayList<>())
          .add(
              new Found(
                  row.get("other").asString(),
                  row.get("score").asDouble(),
                  sku,
                  Why.valueOf(row.get("why").asString())));
    }
    return null;
  }
}
