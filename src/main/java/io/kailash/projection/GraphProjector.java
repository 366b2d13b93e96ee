package io.kailash.projection;

import io.kailash.platform.Neo4j;
import io.kailash.platform.OutboxEvent;
import io.kailash.platform.Settings;
import io.kailash.platform.StoreTimings;
import io.kailash.projection.Tables.CategoryState;
import io.kailash.projection.Tables.Interaction;
import io.kailash.projection.Tables.ItemState;
import io.kailash.projection.Tables.LabelledWith;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.neo4j.driver.Query;

/**
 * The graph of items, categories, brands and what users did, in Neo4j.
 *
 * <p>What changed is read from the tables as it is by then, so several changes of an item are one
 * write. Interactions are written from what their event says.
 */
@Singleton
class GraphProjector implements Projector {
  private static final int PART = 1000;

  private final Graph graph;
  private final GraphMigrations migrations;
  private final GraphCheck check;
  private final Tables tables;
  private final ProjectionSettings settings;

  @Inject
  GraphProjector(Neo4j neo4j, StoreTimings timings, Tables tables, Settings settings, Clock clock) {
    this.settings = ProjectionSettings.read(settings);
    this.tables = tables;
    graph = new Graph(neo4j, timings, this.settings.timeout());
    migrations = new GraphMigrations(graph, clock, GraphMigrations.ofThisBuild());
    check = new GraphCheck(graph, neo4j, tables);
  }

  @Override
  public String target() {
    return "graph";
  }

  @Override
  public Optional<String> store() {
    return Optional.of("neo4j");
  }

  @Override
  public boolean prepare() {
    return migrations.run();
  }

  @Override
  public void apply(List<OutboxEvent> events) {
    Set<String> taxonomies = new LinkedHashSet<>();
    Set<String> skus = new LinkedHashSet<>();
    for (OutboxEvent event : events) {
      switch (event.kind()) {
        case "taxonomy" -> taxonomies.add(event.key());
        case "item" -> skus.add(event.key());
        default -> {}
      }
    }
    taxonomies.forEach(this::taxonomy);
    if (!skus.isEmpty()) {
      graph.write(GraphWrites.items(tables.items(skus)));
    }
    interactions(events);
  }

  private void interactions(List<OutboxEvent> events) {
    List<Interaction> seen = new ArrayList<>();
    for (OutboxEvent event : events) {
      if (!event.kind().equals(InteractionPayload.EVENT)) {
        continue;
      }
      if (event.removed()) {
        graph.write(GraphWrites.interactions(seen));
        seen.clear();
        graph.write(GraphWrites.forgotten(List.of(event.key())));
      } else {
        seen.add(InteractionPayload.read(event));
      }
    }
    graph.write(GraphWrites.interactions(seen));
  }

  /** Makes the categories of a taxonomy those of its active version. */
  private void taxonomy(String taxonomy) {
    List<CategoryState> categories = tables.categories(taxonomy);
    List<String> keys = categories.stream().map(c -> GraphWrites.key(taxonomy, c.code())).toList();
    List<Query> queries = new ArrayList<>();
    queries.add(
        Graph.query(
            "MATCH (c:Category {taxonomy: $taxonomy}) WHERE NOT c.key IN $keys DETACH DELETE c",
            "taxonomy",
            taxonomy,
            "keys",
            keys));
    for (List<CategoryState> part : Graph.parts(categories, PART)) {
      queries.addAll(GraphWrites.categories(taxonomy, part));
    }
    graph.write(queries);
    linkNew(taxonomy);
  }

  /**
   * Items may have labels of a category longer than the category is in the graph. A mark on the
   * category tells that its items were looked for, so that a crash in between leaves none out.
   */
  private void linkNew(String taxonomy) {
    List<String> codes =
        graph
            .read(
                "scan",
                Graph.query(
                    "MATCH (c:Category {taxonomy: $taxonomy}) WHERE c.linked IS NULL"
                        + " RETURN c.code AS code",
                    "taxonomy",
                    taxonomy))
            .stream()
            .map(row -> row.get("code").asString())
            .toList();
    if (codes.isEmpty()) {
      return;
    }
    long last = 0;
    List<LabelledWith> labels;
    do {
      labels = tables.labels(taxonomy, codes, last, PART);
      if (!labels.isEmpty()) {
        last = labels.get(labels.size() - 1).id();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (LabelledWith label : labels) {
          rows.add(Map.of("sku", label.sku(), "key", GraphWrites.key(taxonomy, label.category())));
        }
        graph.write(
            List.of(
                Graph.query(
                    "UNWIND $rows AS row MATCH (i:Item {sku: row.sku}) WHERE i.version IS NOT NULL"
                        + " MATCH (c:Category {key: row.key}) MERGE (i)-[:`IN`]->(c)",
                    "rows",
                    rows)));
      }
    } while (labels.size() == PART);
    graph.write(
        List.of(
            Graph.query(
                "MATCH (c:Category {taxonomy: $taxonomy}) WHERE c.linked IS NULL"
                    + " SET c.linked = true",
                "taxonomy",
                taxonomy)));
  }

  @Override
  public void rebuild(Turns turns) {
    turns.take(migrations::run);
    turns.at("categories", 0);
    Set<String> taxonomies = new TreeSet<>(tables.taxonomies());
    graph
        .read("scan", Graph.query("MATCH (c:Category) RETURN DISTINCT c.taxonomy AS code"))
        .forEach(row -> taxonomies.add(row.get("code").asString("")));
    taxonomies.forEach(taxonomy -> turns.take(() -> taxonomy(taxonomy)));
    items(turns);
    if (tables.hasInteractions()) {
      users(turns);
      together(turns);
    }
    turns.take(
        () ->
            graph.write(
                List.of(
                    Graph.query("MATCH (b:Brand) WHERE NOT (b)--() DELETE b"),
                    Graph.query(
                        "MATCH (i:Item) WHERE i.version IS NULL AND NOT (i)--() DELETE i"))));
  }

  private void items(Turns turns) {
    long all = Math.max(1, tables.itemCount());
    long done = 0;
    String last = "";
    boolean more = true;
    while (more) {
      List<ItemState> page = new ArrayList<>();
      String after = last;
      turns.take(
          () -> {
            page.addAll(tables.itemsAfter(after, settings.rebuildPage()));
            graph.write(GraphWrites.items(page));
          });
      more = page.size() == settings.rebuildPage();
      if (!page.isEmpty()) {
        last = page.get(page.size() - 1).sku();
      }
      done += page.size();
      turns.at("items", 0.05 + 0.5 * Math.min(1, (double) done / all));
    }
    for (List<String> part : Graph.parts(skusInGraph(), PART)) {
      turns.take(
          () -> {
            Set<String> extra = new TreeSet<>(part);
            tables.items(part).stream()
                .filter(item -> !item.deleted())
                .map(ItemState::sku)
                .forEach(extra::remove);
            if (!extra.isEmpty()) {
              graph.write(GraphWrites.removed(extra));
            }
          });
    }
  }

  private List<String> skusInGraph() {
    return graph
        .read("scan", Graph.query("MATCH (i:Item) WHERE i.version IS NOT NULL RETURN i.sku AS sku"))
        .stream()
        .map(row -> row.get("sku").asString())
        .toList();
  }

  private void users(Turns turns) {
    String last = "";
    boolean more = true;
    while (more) {
      List<String> page = tables.usersAfter(last, settings.rebuildPage());
      more = page.size() == settings.rebuildPage();
      if (!page.isEmpty()) {
        last = page.get(page.size() - 1);
        turns.take(() -> replaceInteractions(page));
      }
      turns.at("users", 0.6);
    }
    List<String> known =
        graph.read("scan", Graph.query("MATCH (u:User) RETURN u.id AS id")).stream()
            .map(row -> row.get("id").asString())
            .toList();
    for (List<String> part : Graph.parts(known, settings.rebuildPage())) {
      turns.take(
          () -> {
            Set<String> extra = new TreeSet<>(part);
            tables.interactions(part).forEach(one -> extra.remove(one.user()));
            if (!extra.isEmpty()) {
              graph.write(
                  List.of(
                      Graph.query(
                          "UNWIND $users AS id MATCH (u:User {id: id}) DETACH DELETE u",
                          "users",
                          List.copyOf(extra))));
            }
          });
    }
  }

  private void replaceInteractions(List<String> users) {
    List<Interaction> theirs = tables.interactions(users);
    List<Query> queries = new ArrayList<>();
    queries.add(GraphWrites.undone(users, theirs));
    queries.addAll(GraphWrites.interactions(theirs));
    graph.write(queries);
  }

  private void together(Turns turns) {
    List<String> skus =
        graph
            .read(
                "scan",
                Graph.query(
                    "MATCH (i:Item) WHERE (i)<-[:BOUGHT]-() OR (i)-[:BOUGHT_WITH]-()"
                        + " RETURN i.sku AS sku"))
            .stream()
            .map(row -> row.get("sku").asString())
            .toList();
    int done = 0;
    for (List<String> part : Graph.parts(skus, settings.rebuildPage())) {
      turns.take(() -> graph.write(GraphWrites.recounted(part)));
      done += part.size();
      turns.at("bought together", 0.7 + 0.3 * done / skus.size());
    }
  }

  @Override
  public List<Comparison> differences(int wanted) {
    return check.run(wanted);
  }
}
