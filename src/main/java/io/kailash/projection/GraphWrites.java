package io.kailash.projection;

import io.kailash.projection.Tables.CategoryState;
import io.kailash.projection.Tables.Interaction;
import io.kailash.projection.Tables.ItemState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.neo4j.driver.Query;

/**
 * The statements that write the graph; each bears being run again.
 *
 * <p>A node of an item without a version stands for an item that somebody did something with before
 * it was there, or after it was gone: hidden and without a title. So what people did is still there
 * when the item comes, or comes back.
 */
final class GraphWrites {
  /** How near two purchases of a user must be to count as made together. */
  static final long TOGETHER_MILLIS = Duration.ofDays(30).toMillis();

  private static final Map<String, String> RELATIONSHIPS =
      Map.of(
          "view", "VIEWED",
          "cart", "CARTED",
          "purchase", "BOUGHT",
          "rating", "RATED",
          "dismissal", "DISMISSED");

  private static final String SAME_VERSION =
      "UNWIND $rows AS row MATCH (i:Item {sku: row.sku}) WHERE i.version = row.version ";

  private GraphWrites() {}

  /** The kind that a relationship stands for, or null. */
  static String kind(String relationship) {
    return RELATIONSHIPS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(relationship))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  static List<Query> items(List<ItemState> items) {
    List<Map<String, Object>> live = new ArrayList<>();
    List<Map<String, Object>> gone = new ArrayList<>();
    for (ItemState item : items) {
      Map<String, Object> row = new HashMap<>();
      row.put("sku", item.sku());
      row.put("version", item.version());
      if (item.deleted()) {
        gone.add(row);
      } else {
        row.put("title", item.title());
        row.put("brand", item.brand());
        row.put("hidden", item.hidden());
        row.put("inStock", item.inStock());
        row.put("categories", item.categories());
        live.add(row);
      }
    }
    List<Query> queries = new ArrayList<>();
    if (!live.isEmpty()) {
      queries.add(
          Graph.query(
              "UNWIND $rows AS row MERGE (i:Item {sku: row.sku})"
                  + " WITH i, row WHERE i.version IS NULL OR i.version <= row.version"
                  + " SET i.title = row.title, i.brand = row.brand, i.hidden = row.hidden,"
                  + " i.inStock = row.inStock, i.version = row.version",
              "rows",
              live));
      queries.add(
          Graph.query(
              SAME_VERSION
                  + "MATCH (i)-[r:OF]->(b:Brand)"
                  + " WHERE row.brand IS NULL OR b.name <> row.brand DELETE r",
              "rows",
              live));
      queries.add(
          Graph.query(
              "UNWIND $rows AS row WITH row WHERE row.brand IS NOT NULL"
                  + " MATCH (i:Item {sku: row.sku}) WHERE i.version = row.version"
                  + " MERGE (b:Brand {name: row.brand}) MERGE (i)-[:OF]->(b)",
              "rows",
              live));
      queries.add(
          Graph.query(
              SAME_VERSION
                  + "MATCH (i)-[r:`IN`]->(c:Category)"
                  + " WHERE NOT c.key IN row.categories DELETE r",
              "rows",
              live));
      queries.add(
          Graph.query(
              SAME_VERSION
                  + "UNWIND row.categories AS key MATCH (c:Category {key: key})"
                  + " MERGE (i)-[:`IN`]->(c)",
              "rows",
              live));
    }
    if (!gone.isEmpty()) {
      queries.add(
          Graph.query(
              "UNWIND $rows AS row MATCH (i:Item {sku: row.sku})"
                  + " WHERE i.version IS NULL OR i.version <= row.version"
                  + " SET i.hidden = true, i.inStock = false, i.version = null, i.title = null,"
                  + " i.brand = null"
                  + " WITH i OPTIONAL MATCH (i)-[r:OF|`IN`]->() DELETE r",
              "rows",
              gone));
      queries.add(withoutTraces(gone));
    }
    return queries;
  }

  /** Nodes of items that are no items and that nobody did anything with. */
  private static Query withoutTraces(List<Map<String, Object>> values) {
    return Graph.query(
        "UNWIND $rows AS row MATCH (i:Item {sku: row.sku})"
            + " WHERE i.version IS NULL AND NOT (i)--() DELETE i",
        "rows",
        values);
  }

  /** Items that are in no table any more. */
  static List<Query> removed(Collection<String> skus) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String sku : skus) {
      rows.add(Map.of("sku", sku));
    }
    return List.of(
        Graph.query(
            "UNWIND $rows AS row MATCH (i:Item {sku: row.sku})"
                + " SET i.hidden = true, i.inStock = false, i.version = null, i.title = null,"
                + " i.brand = null"
                + " WITH i OPTIONAL MATCH (i)-[r:OF|`IN`]->() DELETE r",
            "rows",
            rows),
        withoutTraces(rows));
  }

  static String key(String taxonomy, String code) {
    return taxonomy + "/" + code;
  }

  /** Categories of one taxonomy; a parent is in this list or there already. */
  static List<Query> categories(String taxonomy, List<CategoryState> categories) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (CategoryState category : categories) {
      Map<String, Object> row = new HashMap<>();
      row.put("key", key(taxonomy, category.code()));
      row.put("code", category.code());
      row.put("name", category.name());
      row.put("level", category.level());
      row.put("parent", category.parent() == null ? null : key(taxonomy, category.parent()));
      rows.add(row);
    }
    return List.of(
        Graph.query(
            "UNWIND $rows AS row MERGE (c:Category {key: row.key})"
                + " SET c.taxonomy = $taxonomy, c.code = row.code, c.name = row.name,"
                + " c.level = row.level",
            "rows",
            rows,
            "taxonomy",
            taxonomy),
        Graph.query(
            "UNWIND $rows AS row MATCH (c:Category {key: row.key})-[r:UNDER]->(p:Category)"
                + " WHERE row.parent IS NULL OR p.key <> row.parent DELETE r",
            "rows",
            rows),
        Graph.query(
            "UNWIND $rows AS row WITH row WHERE row.parent IS NOT NULL"
                + " MATCH (c:Category {key: row.key})"
                // Made here where it comes later in the list of another call.
                + " MERGE (p:Category {key: row.parent}) ON CREATE SET p.taxonomy = $taxonomy"
                + " MERGE (c)-[:UNDER]->(p)",
            "rows",
            rows,
            "taxonomy",
            taxonomy));
  }

  /** What users did; the newest of each user, item and kind wins. */
  static List<Query> interactions(List<Interaction> interactions) {
    Map<String, Map<List<String>, Interaction>> newest = new LinkedHashMap<>();
    for (Interaction interaction : interactions) {
      newest
          .computeIfAbsent(interaction.kind(), kind -> new LinkedHashMap<>())
          .merge(
              List.of(interaction.user(), interaction.sku()),
              interaction,
              (known, other) -> other.atMillis() >= known.atMillis() ? other : known);
    }
    List<Query> queries = new ArrayList<>();
    newest.forEach(
        (kind, ofKind) -> {
          String relationship = RELATIONSHIPS.get(kind);
          if (relationship == null) {
            throw new IllegalArgumentException("there is no kind of interaction '" + kind + "'");
          }
          List<Interaction> left = new ArrayList<>(ofKind.values());
          if (kind.equals("purchase")) {
            // A user at most once in a statement: each purchase counts those before it.
            while (!left.isEmpty()) {
              Map<String, Interaction> round = new LinkedHashMap<>();
              left.forEach(one -> round.putIfAbsent(one.user(), one));
              left.removeAll(round.values());
              queries.add(bought(rows(round.values())));
            }
          } else {
            queries.add(did(relationship, rows(left)));
          }
        });
    return queries;
  }

  private static List<Map<String, Object>> rows(Collection<Interaction> interactions) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Interaction interaction : interactions) {
      Map<String, Object> row = new HashMap<>();
      row.put("user", interaction.user());
      row.put("sku", interaction.sku());
      row.put("at", interaction.atMillis());
      row.put("value", interaction.value());
      rows.add(row);
    }
    return rows;
  }

  private static String related(String relationship) {
    return "UNWIND $rows AS row"
        + " MERGE (i:Item {sku: row.sku}) ON CREATE SET i.hidden = true, i.inStock = false"
        + " MERGE (u:User {id: row.user}) MERGE (u)-[r:"
        + relationship
        + "]->(i)";
  }

  private static Query did(String relationship, List<Map<String, Object>> rows) {
    return Graph.query(
        related(relationship)
            + " WITH r, row WHERE r.at IS NULL OR r.at <= row.at"
            + " SET r.at = row.at, r.value = row.value",
        "rows",
        rows);
  }

  /**
   * A purchase and its effect on what was bought together, in one statement: the count of a pair
   * changes by what the user's purchases say after it less what they said before it. So a
   * repetition changes nothing.
   */
  private static Query bought(List<Map<String, Object>> rows) {
    return Graph.query(
        related("BOUGHT")
            + " WITH u, i, r, row, r.at AS before WHERE before IS NULL OR before < row.at"
            + " SET r.at = row.at, r.value = row.value"
            + " WITH u, i, row.at AS now, before"
            + " MATCH (u)-[o:BOUGHT]->(other:Item) WHERE other.sku <> i.sku"
            + " WITH i, other, CASE WHEN abs(o.at - now) <= $window THEN 1 ELSE 0 END"
            + " - CASE WHEN before IS NOT NULL AND abs(o.at - before) <= $window"
            + " THEN 1 ELSE 0 END AS change WHERE change <> 0"
            + " WITH CASE WHEN i.sku < other.sku THEN i ELSE other END AS a,"
            + " CASE WHEN i.sku < other.sku THEN other ELSE i END AS b, sum(change) AS change"
            + " MERGE (a)-[p:BOUGHT_WITH]->(b)"
            + " SET p.count = coalesce(p.count, 0) + change"
            + " WITH p WHERE p.count <= 0 DELETE p",
        "rows",
        rows,
        "window",
        TOGETHER_MILLIS);
  }

  /** Takes everything that users did away, and them. */
  static List<Query> forgotten(Collection<String> users) {
    return List.of(
        Graph.query(
            "UNWIND $users AS id MATCH (u:User {id: id})-[x:BOUGHT]->(a:Item)"
                + " MATCH (u)-[y:BOUGHT]->(b:Item)"
                + " WHERE a.sku < b.sku AND abs(x.at - y.at) <= $window"
                + " WITH a, b, count(*) AS less MATCH (a)-[p:BOUGHT_WITH]->(b)"
                + " SET p.count = p.count - less WITH p WHERE p.count <= 0 DELETE p",
            "users",
            List.copyOf(users),
            "window",
            TOGETHER_MILLIS),
        Graph.query(
            "UNWIND $users AS id MATCH (u:User {id: id}) OPTIONAL MATCH (u)-->(i:Item)"
                + " WITH u, collect(DISTINCT i) AS touched DETACH DELETE u"
                + " WITH touched UNWIND touched AS i WITH DISTINCT i"
                + " WHERE i.version IS NULL AND NOT (i)--() DELETE i",
            "users",
            List.copyOf(users)));
  }

  /** Relationships of these users that are not in the list. */
  static Query undone(Collection<String> users, List<Interaction> kept) {
    List<String> keys = new ArrayList<>();
    for (Interaction interaction : kept) {
      keys.add(
          interaction.user()
              + "\n"
              + RELATIONSHIPS.get(interaction.kind())
              + "\n"
              + interaction.sku());
    }
    return Graph.query(
        "UNWIND $users AS id MATCH (u:User {id: id})"
            + "-[r:VIEWED|CARTED|BOUGHT|RATED|DISMISSED]->(i:Item)"
            + " WHERE NOT u.id + '\\n' + type(r) + '\\n' + i.sku IN $kept DELETE r",
        "users",
        List.copyOf(users),
        "kept",
        keys);
  }

  /** Counts anew with which items these were bought, from the purchases that are in the graph. */
  static List<Query> recounted(Collection<String> skus) {
    return List.of(
        Graph.query(
            "UNWIND $skus AS sku MATCH (:Item {sku: sku})-[p:BOUGHT_WITH]->() DELETE p",
            "skus",
            List.copyOf(skus)),
        Graph.query(
            "UNWIND $skus AS sku MATCH (a:Item {sku: sku})<-[x:BOUGHT]-(u:User)-[y:BOUGHT]->"
                + "(b:Item) WHERE a.sku < b.sku AND abs(x.at - y.at) <= $window"
                + " WITH a, b, count(*) AS both"
                + " MERGE (a)-[p:BOUGHT_WITH]->(b) SET p.count = both",
            "skus",
            List.copyOf(skus),
            "window",
            TOGETHER_MILLIS));
  }
}
