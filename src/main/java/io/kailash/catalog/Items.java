package io.kailash.catalog;

import io.kailash.platform.Cursor;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads items. */
@Singleton
public class Items {
  private static final String LIVE = " from item i where i.deleted_at is null";
  private static final String FOUND =
      " from item_words w join item i on i.id = w.item_id where i.deleted_at is null";

  private final ItemRows rows;
  private final CatalogDatabase database;

  @Inject
  Items(ItemRows rows, CatalogDatabase database) {
    this.rows = rows;
    this.database = database;
  }

  /** The item with this sku, as it is now. */
  public Optional<Item> find(String sku) {
    return rows.find(sku);
  }

  /**
   * Which items are wanted; what is null does not matter.
   *
   * @param words all of them must be in title, brand, sku or description; the last may be cut short
   * @param labelledIn id of a taxonomy in which the item has a label
   * @param category code of that label
   * @param unlabelledIn id of a taxonomy in which the item has none
   */
  record Filter(String words, Long labelledIn, String category, Long unlabelledIn) {
    private void addTo(StringBuilder sql, List<Object> values) {
      if (labelledIn != null) {
        sql.append(
            " and exists (select 1 from label l where l.item_id = i.id and l.taxonomy_id = ?");
        values.add(labelledIn);
        if (category != null) {
          sql.append(" and l.category_code = ?");
          values.add(category);
        }
        sql.append(')');
      }
      if (unlabelledIn != null) {
        sql.append(
            " and not exists"
                + " (select 1 from label l where l.item_id = i.id and l.taxonomy_id = ?)");
        values.add(unlabelledIn);
      }
    }
  }

  /**
   * One page: without words in the order in which the skus first came, else the best match first.
   * An item that was there when the first page was read is on exactly one page, whatever is added
   * meanwhile.
   *
   * @param cursor null for the first page
   */
  Page<Item> page(Filter filter, String cursor, int limit) {
    return filter.words() == null
        ? inOrder(filter, cursor, limit)
        : bestFirst(filter, cursor, limit);
  }

  private record Found(long id, float rank, Item item) {}

  private Page<Item> inOrder(Filter filter, String cursor, int limit) {
    StringBuilder sql = new StringBuilder("select i.id, ").append(ItemRows.COLUMNS).append(LIVE);
    List<Object> values = new ArrayList<>();
    if (cursor != null) {
      sql.append(" and i.id > ?");
      values.add(id(Cursor.read(cursor, 1)[0]));
    }
    filter.addTo(sql, values);
    sql.append(" order by i.id limit ?");
    values.add(limit + 1);
    List<Found> found =
        database.all(
            sql.toString(),
            row -> new Found(row.getLong("id"), 0, ItemRows.item(row)),
            values.toArray());
    return page(found, limit, last -> Cursor.of(Long.toString(last.id())));
  }

  private Page<Item> bestFirst(Filter filter, String cursor, int limit) {
    String[] place = cursor == null ? null : Cursor.read(cursor, 2);
    Optional<String> query = query(filter.words());
    if (query.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    String rank = "ts_rank(w.words, ?::tsquery)";
    StringBuilder sql =
        new StringBuilder("select i.id, ")
            .append(rank)
            .append(" as rank, ")
            .append(ItemRows.COLUMNS)
            .append(FOUND)
            .append(" and w.words @@ ?::tsquery");
    List<Object> values = new ArrayList<>(List.of(query.get(), query.get()));
    if (place != null) {
      sql.append(" and (").append(rank).append(", -i.id) < (?::real, ?)");
      values.addAll(List.of(query.get(), rank(place[0]), -id(place[1])));
    }
    filter.addTo(sql, values);
    sql.append(" order by rank desc, i.id limit ?");
    values.add(limit + 1);
    List<Found> found =
        database.all(
            sql.toString(),
            row -> new Found(row.getLong("id"), row.getFloat("rank"), ItemRows.item(row)),
            values.toArray());
    return page(
        found, limit, last -> Cursor.of(Float.toString(last.rank()), Long.toString(last.id())));
  }

  /**
   * The words as a tsquery, the last one as a prefix; empty where there is no word in the text.
   * PostgreSQL quotes them itself, so no text can break out.
   */
  private Optional<String> query(String words) {
    return database
        .all(
            "select nullif(plainto_tsquery('simple', catalog_words(?))::text, '') || ':*' as query",
            row -> Optional.ofNullable(row.getString("query")),
            words)
        .get(0);
  }

  private static Page<Item> page(List<Found> found, int limit, Function<Found, String> cursor) {
    List<Found> shown = found.subList(0, Math.min(limit, found.size()));
    return new Page<>(
        shown.stream().map(Found::item).toList(),
        found.size() > limit ? cursor.apply(shown.get(limit - 1)) : null);
  }

  private static long id(String key) {
    try {
      return Long.parseLong(key);
    } catch (NumberFormatException notOurs) {
      throw ProblemException.invalid("?cursor", "is not a cursor of this list");
    }
  }

  private static float rank(String key) {
    try {
      return Float.parseFloat(key);
    } catch (NumberFormatException notOurs) {
      throw ProblemException.invalid("?cursor", "is not a cursor of this list");
    }
  }
}
