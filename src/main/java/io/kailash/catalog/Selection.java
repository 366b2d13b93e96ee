package io.kailash.catalog;

import io.kailash.taxonomy.Taxonomies;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Many items of the catalog, in parts: for work that goes through all of them and may be resumed.
 */
@Singleton
public class Selection {
  private static final String NOT_LABELLED =
      " and not exists (select 1 from label l where l.item_id = i.id and l.taxonomy_id = ?)";

  private final CatalogDatabase database;
  private final Taxonomies taxonomies;

  @Inject
  Selection(CatalogDatabase database, Taxonomies taxonomies) {
    this.database = database;
    this.taxonomies = taxonomies;
  }

  /** An item and its place in the order in which the skus first came. */
  public record Placed(long place, Item item) {}

  /**
   * How many items there are, and the place of the last.
   *
   * @param last 0 where there are none
   */
  public record Extent(long items, long last) {}

  /**
   * The extent of a selection now.
   *
   * @param unlabelledIn code of a taxonomy in which the items have no label; null for all items
   */
  public Extent extent(String unlabelledIn) {
    String sql = "select count(*), coalesce(max(i.id), 0) from item i where i.deleted_at is null";
    return database
        .all(
            unlabelledIn == null ? sql : sql + NOT_LABELLED,
            row -> new Extent(row.getLong(1), row.getLong(2)),
            unlabelledIn == null
                ? new Object[0]
                : new Object[] {taxonomies.require(unlabelledIn).id()})
        .get(0);
  }

  /**
   * The next items after a place, up to and with another, as they are now.
   *
   * @param unlabelledIn as in {@link #extent}
   */
  public List<Placed> next(String unlabelledIn, long after, long last, int limit) {
    String sql =
        "select i.id, "
            + ItemRows.COLUMNS
            + " from item i where i.deleted_at is null and i.id > ? and i.id <= ?"
            + (unlabelledIn == null ? "" : NOT_LABELLED)
            + " order by i.id limit ?";
    return database.all(
        sql,
        row -> new Placed(row.getLong("id"), ItemRows.item(row)),
        unlabelledIn == null
            ? new Object[] {after, last, limit}
            : new Object[] {after, last, taxonomies.require(unlabelledIn).id(), limit});
  }
}
