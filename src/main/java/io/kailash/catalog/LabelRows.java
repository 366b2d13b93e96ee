package io.kailash.catalog;

import io.kailash.platform.CopyText;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.postgresql.PGConnection;

/** The tables of labels and their changes. It decides nothing: {@link ItemEditor} does. */
@Singleton
class LabelRows {
  private static final String SELECT =
      "select i.sku, t.code as taxonomy, l.category_code, l.source, l.set_by, l.set_at, l.item_id,"
          + " l.taxonomy_id from label l join item i on i.id = l.item_id"
          + " join taxonomy t on t.id = l.taxonomy_id";

  private final CatalogDatabase database;

  @Inject
  LabelRows(CatalogDatabase database) {
    this.database = database;
  }

  /** A label with its place in the list of all. */
  record Listed(Label label, long taxonomyId, long itemId) {}

  /**
   * One change of a label.
   *
   * @param category null where the label was taken away
   */
  record Change(String category, LabelSource source, String changedBy, Instant changedAt) {}

  List<Label> of(String sku) {
    return database.all(
        SELECT + " where i.sku = ? and i.deleted_at is null order by t.code",
        LabelRows::label,
        sku);
  }

  /** Labels after a place; of one taxonomy unless it is null. */
  List<Listed> after(Long taxonomyId, long afterTaxonomy, long afterItem, int rows) {
    String order = " order by l.taxonomy_id, l.item_id limit ?";
    CatalogDatabase.Row<Listed> listed =
        row -> new Listed(label(row), row.getLong("taxonomy_id"), row.getLong("item_id"));
    return taxonomyId == null
        ? database.all(
            SELECT + " where (l.taxonomy_id, l.item_id) > (?, ?)" + order,
            listed,
            afterTaxonomy,
            afterItem,
            rows)
        : database.all(
            SELECT + " where l.taxonomy_id = ? and l.item_id > ?" + order,
            listed,
            taxonomyId,
            afterItem,
            rows);
  }

  /** All changes of one label, newest first. */
  List<Change> changes(String sku, long taxonomyId) {
    return database.all(
        "select c.category_code, c.source, c.changed_by, c.changed_at from label_change c"
            + " join item i on i.id = c.item_id where i.sku = ? and c.taxonomy_id = ?"
            + " order by c.id desc limit 1000",
        row ->
            new Change(
                row.getString("category_code"),
                LabelSource.of(row.getString("source")),
                row.getString("changed_by"),
                CatalogDatabase.instant(row, "changed_at")),
        sku,
        taxonomyId);
  }

  /** Writes a label of a locked item; true where there was none. */
  boolean set(
      long itemId,
      long taxonomyId,
      String category,
      LabelSource source,
      String actor,
      Instant now) {
    note(itemId, taxonomyId, category, source, actor, now);
    int changed =
        database.run(
            "update label set category_code = ?, source = ?, set_by = ?, set_at = ?"
                + " where taxonomy_id = ? and item_id = ?",
            category,
            source.text(),
            actor,
            now,
            taxonomyId,
            itemId);
    if (changed == 1) {
      return false;
    }
    database.run(
        "insert into label (category_code, source, set_by, set_at, taxonomy_id, item_id)"
            + " values (?, ?, ?, ?, ?, ?)",
        category,
        source.text(),
        actor,
        now,
        taxonomyId,
        itemId);
    return true;
  }

  Optional<Label> find(long itemId, long taxonomyId) {
    return database.first(
        SELECT + " where l.item_id = ? and l.taxonomy_id = ?",
        LabelRows::label,
        itemId,
        taxonomyId);
  }

  /** Takes a label of a locked item away; false where there was none. */
  boolean remove(long itemId, long taxonomyId, LabelSource source, String actor, Instant now) {
    int removed =
        database.run("delete from label where taxonomy_id = ? and item_id = ?", taxonomyId, itemId);
    if (removed == 1) {
      note(itemId, taxonomyId, null, source, actor, now);
    }
    return removed == 1;
  }

  void removeAll(long itemId, LabelSource source, String actor, Instant now) {
    database.run(
        "with gone as (delete from label where item_id = ? returning taxonomy_id, item_id)"
            + " insert into label_change"
            + " (taxonomy_id, item_id, category_code, source, changed_by, changed_at)"
            + " select taxonomy_id, item_id, null, ?, ?, ? from gone",
        itemId,
        source.text(),
        actor,
        now);
  }

  private void note(
      long itemId,
      long taxonomyId,
      String category,
      LabelSource source,
      String actor,
      Instant now) {
    database.run(
        "insert into label_change"
            + " (taxonomy_id, item_id, category_code, source, changed_by, changed_at)"
            + " values (?, ?, ?, ?, ?, ?)",
        taxonomyId,
        itemId,
        category,
        source.text(),
        actor,
        now);
  }

  /**
   * Sets many labels by one COPY and one merge, and notes their items in the outbox; skus must not
   * repeat.
   *
   * @param missing is told the index of every label whose item does not exist; where there is one,
   *     nothing is written
   * @return how many were written; those with the same category already were not
   */
  int merge(
      long taxonomyId,
      List<LabelDraft> labels,
      LabelSource source,
      String actor,
      Instant now,
      IntConsumer missing) {
    return merge(taxonomyId, labels, source, actor, now, missing, false);
  }

  /** Like {@link #merge}, but where items are missing the other labels are written all the same. */
  int mergeKnown(
      long taxonomyId,
      List<LabelDraft> labels,
      LabelSource source,
      String actor,
      Instant now,
      IntConsumer missing) {
    return merge(taxonomyId, labels, source, actor, now, missing, true);
  }

  private int merge(
      long taxonomyId,
      List<LabelDraft> labels,
      LabelSource source,
      String actor,
      Instant now,
      IntConsumer missing,
      boolean partly) {
    CopyText text = new CopyText();
    for (int i = 0; i < labels.size(); i++) {
      text.value(i).value(labels.get(i).sku()).value(labels.get(i).category()).end();
    }
    return database.connected(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(
                "create temporary table label_in (position integer, sku text collate \"C\","
                    + " category_code text collate \"C\", item_id bigint) on commit drop");
            ItemRows.copy(
                connection.unwrap(PGConnection.class),
                "label_in (position, sku, category_code)",
                text);
            // Locked, so that none of the items is deleted under its label.
            statement.execute(
                "with found as (select i.id, i.sku from item i join label_in n on n.sku = i.sku"
                    + " where i.deleted_at is null order by i.sku for no key update of i)"
                    + " update label_in n set item_id = found.id from found"
                    + " where found.sku = n.sku");
            boolean complete = true;
            try (ResultSet absent =
                statement.executeQuery(
                    "select position from label_in where item_id is null order by position")) {
              while (absent.next()) {
                complete = false;
                missing.accept(absent.getInt(1));
              }
            }
            int written =
                complete || partly ? merge(connection, taxonomyId, source, actor, now) : 0;
            statement.execute("drop table label_in");
            return written;
          }
        });
  }

  private static int merge(
      Connection connection, long taxonomyId, LabelSource source, String actor, Instant now)
      throws SQLException {
    try (var merge =
        CatalogDatabase.prepared(
            connection,
            "with differing as (select n.item_id, n.category_code from label_in n left join label l"
                + " on l.taxonomy_id = ? and l.item_id = n.item_id"
                + " where n.item_id is not null"
                + " and l.category_code is distinct from n.category_code),"
                + " noted as (insert into label_change"
                + " (taxonomy_id, item_id, category_code, source, changed_by, changed_at)"
                + " select ?, item_id, category_code, ?, ?, ? from differing),"
                + " written as (insert into label"
                + " (taxonomy_id, item_id, category_code, source, set_by, set_at)"
                + " select ?, item_id, category_code, ?, ?, ? from differing"
                + " on conflict (taxonomy_id, item_id) do update set"
                + " category_code = excluded.category_code, source = excluded.source,"
                + " set_by = excluded.set_by, set_at = excluded.set_at returning item_id)"
                + " insert into outbox (kind, key, version)"
                + " select 'item', i.sku, i.version from written w join item i on i.id = w.item_id"
                + " order by i.sku",
            taxonomyId,
            taxonomyId,
            source.text(),
            actor,
            now,
            taxonomyId,
            source.text(),
            actor,
            now)) {
      return merge.executeUpdate();
    }
  }

  private static Label label(ResultSet row) throws SQLException {
    return new Label(
        row.getString("sku"),
        row.getString("taxonomy"),
        row.getString("category_code"),
        LabelSource.of(row.getString("source")),
        row.getString("set_by"),
        CatalogDatabase.instant(row, "set_at"));
  }
}
