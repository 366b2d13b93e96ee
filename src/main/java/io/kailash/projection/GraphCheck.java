package io.kailash.projection;

import io.kailash.platform.Neo4j;
import io.kailash.projection.SecondLook.Pair;
import io.kailash.projection.Tables.CategoryState;
import io.kailash.projection.Tables.Interaction;
import io.kailash.projection.Tables.ItemState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.neo4j.driver.Record;
import org.neo4j.ogm.session.Session;
import org.neo4j.ogm.session.SessionFactory;

/** Compares the graph with the tables, page by page; both go on changing meanwhile. */
final class GraphCheck {
  private static final int PAGE = 1000;
  private static final int BUCKETS = 1024;

  private final Graph graph;
  private final Neo4j neo4j;
  private final Tables tables;
  private SessionFactory objects;

  GraphCheck(Graph graph, Neo4j neo4j, Tables tables) {
    this.graph = graph;
    this.neo4j = neo4j;
    this.tables = tables;
  }

  List<Comparison> run(int wanted) {
    List<Comparison> parts = new ArrayList<>();
    parts.add(categories(wanted));
    parts.add(items(wanted));
    if (tables.hasInteractions()) {
      parts.add(users(wanted));
      parts.add(together(wanted));
    }
    return parts;
  }

  private Comparison categories(int wanted) {
    Tally tally = new Tally("categories", wanted);
    Set<String> taxonomies = new TreeSet<>(tables.taxonomies());
    graph
        .read("check", Graph.query("MATCH (c:Category) RETURN DISTINCT c.taxonomy AS code"))
        .forEach(row -> taxonomies.add(row.get("code").asString("")));
    for (String taxonomy : taxonomies) {
      Map<String, Pair> all = lookAtCategories(taxonomy);
      SecondLook.at(
          all,
          keys -> {
            Map<String, Pair> again = lookAtCategories(taxonomy);
            again.keySet().retainAll(keys);
            return again;
          });
      all.forEach(tally::add);
    }
    return tally.result();
  }

  private Map<String, Pair> lookAtCategories(String taxonomy) {
    // Of labels that are not of the active version the graph knows nothing.
    Map<String, String> should = new TreeMap<>();
    for (CategoryState category : tables.categories(taxonomy)) {
      should.put(
          GraphWrites.key(taxonomy, category.code()),
          category.name()
              + ", level "
              + category.level()
              + (category.parent() == null
                  ? ""
                  : ", under " + GraphWrites.key(taxonomy, category.parent())));
    }
    Map<String, String> is = new TreeMap<>();
    for (Record row :
        graph.read(
            "check",
            Graph.query(
                "MATCH (c:Category {taxonomy: $taxonomy}) OPTIONAL MATCH (c)-[:UNDER]->(p)"
                    + " RETURN c.key AS key, c.name AS name, c.level AS level,"
                    + " collect(p.key) AS above",
                "taxonomy",
                taxonomy))) {
      List<String> above = row.get("above").asList(value -> value.asString());
      is.put(
          row.get("key").asString(),
          row.get("name").asString("")
              + ", level "
              + row.get("level").asLong(0)
              + (above.isEmpty() ? "" : ", under " + String.join(" and ", above)));
    }
    return SecondLook.pairs(should, is);
  }

  private Comparison items(int wanted) {
    Tally tally = new Tally("items", wanted);
    Set<String> active = new HashSet<>();
    tables
        .taxonomies()
        .forEach(
            taxonomy ->
                tables
                    .categories(taxonomy)
                    .forEach(c -> active.add(GraphWrites.key(taxonomy, c.code()))));
    String last = "";
    List<ItemState> page;
    do {
      page = tables.itemsAfter(last, PAGE);
      if (!page.isEmpty()) {
        last = page.get(page.size() - 1).sku();
        List<String> skus = page.stream().map(ItemState::sku).toList();
        Map<String, Pair> looked = SecondLook.pairs(texts(page, active), inGraph(skus));
        SecondLook.at(looked, keys -> lookAtItems(keys, active));
        looked.forEach(tally::add);
      }
    } while (page.size() == PAGE);
    List<String> known =
        graph
            .read(
                "check",
                Graph.query("MATCH (i:Item) WHERE i.version IS NOT NULL RETURN i.sku AS sku"))
            .stream()
            .map(row -> row.get("sku").asString())
            .sorted()
            .toList();
    for (List<String> part : Graph.parts(known, PAGE)) {
      Set<String> extra = new TreeSet<>(part);
      tables.items(part).stream()
          .filter(item -> !item.deleted())
          .forEach(item -> extra.remove(item.sku()));
      if (!extra.isEmpty()) {
        Map<String, Pair> looked = SecondLook.pairs(Map.of(), inGraph(extra));
        SecondLook.at(looked, keys -> lookAtItems(keys, active));
        // One that has come meanwhile was not on any page, and is as it should be or named.
        looked.forEach(tally::add);
      }
    }
    return tally.result();
  }

  private static Map<String, String> texts(Collection<ItemState> items, Set<String> active) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (ItemState item : items) {
      if (!item.deleted()) {
        List<String> categories =
            item.categories().stream().filter(active::contains).sorted().toList();
        texts.put(
            item.sku(),
            text(
                item.version(),
                item.title(),
                item.brand(),
                item.hidden(),
                item.inStock(),
                categories));
      }
    }
    return texts;
  }

  private static String text(
      Long version,
      String title,
      String brand,
      Boolean hidden,
      Boolean inStock,
      List<String> categories) {
    return "version "
        + version
        + ", title '"
        + title
        + "', brand "
        + (brand == null ? "none" : "'" + brand + "'")
        + (Boolean.TRUE.equals(hidden) ? ", hidden" : "")
        + (Boolean.TRUE.equals(inStock) ? ", in stock" : "")
        + ", in "
        + categories;
  }

  private Map<String, String> inGraph(Collection<String> skus) {
    Map<String, String> texts = new HashMap<>();
    for (Record row :
        graph.read(
            "check",
            Graph.query(
                "UNWIND $skus AS sku MATCH (i:Item {sku: sku}) WHERE i.version IS NOT NULL"
                    + " OPTIONAL MATCH (i)-[:OF]->(b:Brand)"
                    + " WITH i, collect(b.name) AS brands"
                    + " OPTIONAL MATCH (i)-[:`IN`]->(c:Category)"
                    + " RETURN i.sku AS sku, i.version AS version, i.title AS title,"
                    + " i.hidden AS hidden, i.inStock AS inStock, brands,"
                    + " collect(c.key) AS categories",
                "skus",
                List.copyOf(skus)))) {
      List<String> brands = row.get("brands").asList(value -> value.asString());
      texts.put(
          row.get("sku").asString(),
          text(
              row.get("version").asLong(),
              row.get("title").asString(null),
              brands.isEmpty() ? null : String.join("' and '", brands),
              row.get("hidden").asBoolean(false),
              row.get("inStock").asBoolean(false),
              row.get("categories").asList(value -> value.asString()).stream().sorted().toList()));
    }
    return texts;
  }

  /** Looks at single items, as whole objects. */
  private Map<String, Pair> lookAtItems(Collection<String> skus, Set<String> active) {
    Map<String, String> should = texts(tables.items(skus), active);
    Map<String, String> is = new HashMap<>();
    Session session = objects().openSession();
    for (GraphItem item : session.loadAll(GraphItem.class, List.copyOf(skus), 1)) {
      if (item.version != null) {
        is.put(
            item.sku,
            text(
                item.version,
                item.title,
                item.made == null ? null : item.made.name,
                item.hidden,
                item.inStock,
                item.categories()));
      }
    }
    return SecondLook.pairs(should, is);
  }

  private synchronized SessionFactory objects() {
    if (objects == null) {
      objects = neo4j.sessions(GraphItem.class.getPackageName());
    }
    return objects;
  }

  private Comparison users(int wanted) {
    Tally tally = new Tally("interactions", wanted);
    String last = "";
    List<String> page;
    do {
      page = tables.usersAfter(last, PAGE);
      if (!page.isEmpty()) {
        last = page.get(page.size() - 1);
        Map<String, Pair> looked = lookAtUsers(page);
        SecondLook.at(looked, this::lookAtUsers);
        looked.forEach(tally::add);
      }
    } while (page.size() == PAGE);
    List<String> known =
        graph.read("check", Graph.query("MATCH (u:User) RETURN u.id AS id")).stream()
            .map(row -> row.get("id").asString())
            .toList();
    for (List<String> part : Graph.parts(known, PAGE)) {
      Map<String, Pair> looked = lookAtUsers(part);
      looked.values().removeIf(pair -> pair.should() != null);
      SecondLook.at(looked, this::lookAtUsers);
      looked.forEach(tally::add);
    }
    return tally.result();
  }

  private Map<String, Pair> lookAtUsers(Collection<String> users) {
    Map<String, Set<String>> should = new TreeMap<>();
    for (Interaction one : tables.interactions(users)) {
      should
          .computeIfAbsent(one.user(), user -> new TreeSet<>())
          .add(did(one.kind(), one.sku(), one.atMillis(), one.value()));
    }
    Map<String, Set<String>> is = new TreeMap<>();
    for (Record row :
        graph.read(
            "check",
            Graph.query(
                "UNWIND $users AS id MATCH (u:User {id: id})"
                    + "-[r:VIEWED|CARTED|BOUGHT|RATED|DISMISSED]->(i:Item)"
                    + " RETURN id, type(r) AS type, i.sku AS sku, r.at AS at, r.value AS value",
                "users",
                List.copyOf(users)))) {
      is.computeIfAbsent(row.get("id").asString(), user -> new TreeSet<>())
          .add(
              did(
                  GraphWrites.kind(row.get("type").asString()),
                  row.get("sku").asString(),
                  row.get("at").asLong(0),
                  row.get("value").isNull() ? null : row.get("value").asDouble()));
    }
    return SecondLook.pairs(summed(should), summed(is));
  }

  private static String did(String kind, String sku, long at, Double value) {
    // The table keeps 32 bits of a value.
    return kind + " " + sku + " " + at + " " + (value == null ? "" : value.floatValue());
  }

  /** People's doings are named by number, not one by one. */
  private static Map<String, String> summed(Map<String, Set<String>> byUser) {
    Map<String, String> texts = new TreeMap<>();
    byUser.forEach(
        (user, all) ->
            texts.put(
                user, all.size() + " interactions, sum " + Integer.toHexString(Objects.hash(all))));
    return texts;
  }

  /**
   * There may be millions of pairs in another order on each side: sums of hashes tell which of some
   * buckets differ, and only those are looked at closely.
   */
  private Comparison together(int wanted) {
    Buckets should = new Buckets();
    tables.boughtTogether(
        GraphWrites.TOGETHER_MILLIS, p -> should.add(p.first(), p.second(), p.count()));
    Buckets is = new Buckets();
    inGraphTogether((first, second, count) -> is.add(first, second, count));
    Set<Integer> differing = new HashSet<>();
    for (int i = 0; i < BUCKETS; i++) {
      if (should.sums[i] != is.sums[i]) {
        differing.add(i);
      }
    }
    Tally tally = new Tally("bought together", wanted);
    Map<String, String> shouldBe = new TreeMap<>();
    Map<String, String> found = new TreeMap<>();
    if (!differing.isEmpty()) {
      tables.boughtTogether(
          GraphWrites.TOGETHER_MILLIS,
          p -> {
            if (differing.contains(Buckets.of(p.first(), p.second()))) {
              shouldBe.put(p.first() + " + " + p.second(), "by " + p.count());
            }
          });
      inGraphTogether(
          (first, second, count) -> {
            if (differing.contains(Buckets.of(first, second))) {
              found.put(first + " + " + second, "by " + count);
            }
          });
    }
    Map<String, Pair> pairs = SecondLook.pairs(shouldBe, found);
    pairs.forEach(tally::add);
    Comparison close = tally.result();
    return new Comparison(
        close.part(),
        should.count,
        is.count,
        Long.toHexString(should.whole()),
        Long.toHexString(is.whole()),
        close.differing(),
        close.differences());
  }

  private interface PairOfItems {
    void take(String first, String second, long count);
  }

  private void inGraphTogether(PairOfItems pairs) {
    List<String> skus =
        graph
            .read(
                "pattern",
                Graph.query("MATCH (a:Item) WHERE (a)-[:BOUGHT_WITH]->() RETURN a.sku AS sku"))
            .stream()
            .map(row -> row.get("sku").asString())
            .toList();
    for (List<String> part : Graph.parts(skus, PAGE)) {
      graph
          .read(
              "check",
              Graph.query(
                  "UNWIND $skus AS sku MATCH (a:Item {sku: sku})-[p:BOUGHT_WITH]->(b:Item)"
                      + " RETURN sku, b.sku AS other, p.count AS count",
                  "skus",
                  part))
          .forEach(
              row ->
                  pairs.take(
                      row.get("sku").asString(),
                      row.get("other").asString(),
                      row.get("count").asLong()));
    }
  }

  private static final class Buckets {
    private final long[] sums = new long[BUCKETS];
    private long count;

    static int of(String first, String second) {
      return Math.floorMod(Objects.hash(first, second), BUCKETS);
    }

    void add(String first, String second, long both) {
      long hash = Objects.hash(first, second) * 0x9E3779B97F4A7C15L + both;
      hash = (hash ^ (hash >>> 31)) * 0xBF58476D1CE4E5B9L;
      sums[of(first, second)] += hash ^ (hash >>> 29);
      count++;
    }

    long whole() {
      long sum = 0;
      for (long one : sums) {
        sum += one;
      }
      return sum;
    }
  }
}
