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
  private static final int KEPT_ITEMS = 50_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** With fewer than these bought together, further steps are taken. */
  private static final int ENOUGH = 20;

  private static final String CLOSE =
      """
      UNWIND $skus AS sku MATCH (i:Item {sku: sku})
      CALL {
        WITH i MATCH (i)-[b:BOUGHT_WITH]-(o:Item)
        RETURN o.sku AS other, b.count / (b.count + 3.0) AS score, 'BOUGHT_WITH' AS why
        ORDER BY b.count DESC LIMIT 50
        UNION
        WITH i MATCH (i)-[:IN]->(c:Category) MATCH (c)<-[:IN]-(o:Item) WHERE o <> i
        WITH i, o LIMIT 200
        WITH o, CASE WHEN o.brand = i.brand THEN 0.15 ELSE 0.05 END AS score
        ORDER BY score DESC LIMIT 30
        RETURN o.sku AS other, score,
          CASE score WHEN 0.15 THEN 'SAME_BRAND' ELSE 'SAME_CATEGORY' END AS why
      }
      RETURN sku, other, score, why
      """;

  private static final String FAR =
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
    neighbours = new Neighbours(KEPT_ITEMS, guards.of("graph"), this::ask);
  }

  @Override
  public Looking around(List<WeightedItem> strongestFirst) {
    return neighbours.around(strongestFirst, MOST_ITEMS, isThere(), timeoutNanos);
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
      timings.time(STORE, "relationships", () -> run(session, CLOSE, skus, found));
      List<String> lonely =
          skus.stream()
              .filter(sku -> found.containsKey(sku))
              .filter(
                  sku ->
                      found.get(sku).stream().filter(f -> f.why() == Why.BOUGHT_WITH).count()
                          < ENOUGH)
              .toList();
      if (!lonely.isEmpty()) {
        timings.time(STORE, "traversal", () -> run(session, FAR, lonely, found));
      }
    }
    return found;
  }

  private static Void run(
      Session session, String query, List<String> skus, Map<String, List<Found>> found) {
    TransactionConfig config = TransactionConfig.builder().withTimeout(TIMEOUT).build();
    for (Record row : session.run(query, Values.parameters("skus", skus).asMap(), config).list()) {
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
