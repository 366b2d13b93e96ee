package io.kailash.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.kailash.platform.CopyBinary;
import io.kailash.platform.CopyText;
import io.kailash.platform.Json;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.PGConnection;

/** The table of items. It decides nothing: {@link ItemEditor} does. */
@Singleton
class ItemRows {
  /** Columns of an {@link Item}; the table is {@code i}. */
  static final String COLUMNS =
      "i.sku, i.title, i.brand, i.description, i.supplier_category, i.url,"
          + " i.attributes::text as attributes, i.in_stock, i.hidden, i.version, i.created_at,"
          + " i.updated_at";

  private static final String WORDS_NOW =
      ItemWords.WRITE + "written i order by i.id" + ItemWords.UNLESS_NEWER;
  private static final String WORDS_LATER =
      "insert into item_words_due (item_ids) select array_agg(id order by id) from written"
          + " having count(*) > 0";

  private static final TypeReference<Map<String, Object>> ATTRIBUTES = new TypeReference<>() {};

  private final CatalogDatabase database;

  @Inject
  ItemRows(CatalogDatabase database) {
    this.database = database;
  }

  /**
   * A row that nobody else can change until this transaction ends.
   *
   * @param item what it holds; of a deleted one only sku and version mean anything
   */
  record Locked(long id, Item item, boolean deleted) {}

  Optional<Item> find(String sku) {
    return database.first(
        "select " + COLUMNS + " from item i where i.sku = ? and i.deleted_at is null",
        ItemRows::item,
        sku);
  }

  Optional<Locked> lock(String sku) {
    return database.first(
        "select i.id, i.deleted_at is not null as deleted, "
            + COLUMNS
            + " from item i where i.sku = ? for no key update",
        row -> new Locked(row.getLong("id"), item(row), row.getBoolean("deleted")),
        sku);
  }

  /** Adds a row; empty where the sku has one, be it of a deleted item. */
  Optional<Item> insert(ItemDraft draft, Instant now) {
    Optional<Item> made = added(draft, now);
    made.ifPresent(item -> database.run(ItemWords.WRITE_ONE, item.sku()));
    return made;
  }

  private Optional<Item> added(ItemDraft draft, Instant now) {
    return database.first(
        "insert into item as i (sku, title, brand, description, supplier_category, url, attributes,"
            + " in_stock, hidden, version, created_at, updated_at)"
            + " values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, 1, ?, ?)"
            + " on conflict (sku) do nothing returning "
            + COLUMNS,
        ItemRows::item,
        draft.sku(),
        draft.title(),
        draft.brand(),
        draft.description(),
        draft.supplierCategory(),
        draft.url(),
        json(draft.attributes()),
        draft.inStock(),
        draft.hidden(),
        now,
        now);
  }

  /** Writes the draft over a locked row; a deleted item comes back as a new one. */
  Item replace(Locked row, ItemDraft draft, Instant now) {
    Item written = written(row, draft, now);
    database.run(ItemWords.WRITE_ONE, written.sku());
    return written;
  }

  private Item written(Locked row, ItemDraft draft, Instant now) {
    return database
        .first(
            "update item as i set title = ?, brand = ?, description = ?, supplier_category = ?,"
                + " url = ?, attributes = ?::jsonb, in_stock = ?, hidden = ?,"
                + " version = i.version + 1, updated_at = ?,"
                + " created_at = case when i.deleted_at is null then i.created_at else ? end,"
                + " deleted_at = null where i.id = ? returning "
                + COLUMNS,
            ItemRows::item,
            draft.title(),
            draft.brand(),
            draft.description(),
            draft.supplierCategory(),
            draft.url(),
            json(draft.attributes()),
            draft.inStock(),
            draft.hidden(),
            now,
            now,
            row.id())
        .orElseThrow();
  }

  /** Empties a locked row; its version goes on counting. */
  void delete(Locked row, Instant now) {
    database.run(
        "update item set title = '', brand = null, description = null, supplier_category = null,"
            + " url = null, attributes = '{}', in_stock = false, hidden = true,"
            + " version = version + 1, updated_at = ?, deleted_at = ? where id = ?",
        now,
        now,
        row.id());
    database.run(ItemWords.WRITE_ONE, row.item().sku());
  }

  /**
   * Adds or replaces rows by one COPY and one merge, and notes each in the outbox; skus must not
   * repeat.
   *
   * @return how many rows were written; those that held the same already were not
   */
  int merge(List<ItemDraft> drafts, Instant now) {
    return merge(drafts, now, false);
  }

  /**
   * The same.
   *
   * @param wordsLater whether the items may be found by their words a little later
   */
  int merge(List<ItemDraft> drafts, Instant now, boolean wordsLater) {
    CopyBinary rows = new CopyBinary(9);
    for (ItemDraft draft : drafts) {
      rows.text(draft.sku())
          .text(draft.title())
          .text(draft.brand())
          .text(draft.description())
          .text(draft.supplierCategory())
          .text(draft.url())
          .json(draft.attributes().isEmpty() ? "{}" : json(draft.attributes()))
          .truth(draft.inStock())
          .truth(draft.hidden());
    }
    return database.connected(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(
                "create temporary table item_in (sku text collate \"C\", title text, brand text,"
                    + " description text, supplier_category text, url text, attributes jsonb,"
                    + " in_stock boolean, hidden boolean) on commit drop");
            rows.into(connection, "item_in");
            int written;
            // In the order of the sku, so that two merges never wait for each other.
            try (var merge =
                    CatalogDatabase.prepared(
                        connection,
                        "with written as (insert into item as i (sku, title, brand, description,"
                            + " supplier_category, url,"
                            + " attributes, in_stock, hidden, version, created_at, updated_at)"
                            + " select n.sku, n.title, n.brand, n.description, n.supplier_category,"
                            + " n.url, n.attributes, n.in_stock, n.hidden, 1, ?, ?"
                            + " from item_in n left join item h on h.sku = n.sku"
                            // What is the same already is not even locked.
                            + " where h.id is null or h.deleted_at is not null or (h.title, h.brand,"
                            + " h.description, h.supplier_category, h.url, h.attributes, h.in_stock,"
                            + " h.hidden) is distinct from (n.title, n.brand, n.description,"
                            + " n.supplier_category, n.url, n.attributes, n.in_stock, n.hidden)"
                            + " order by n.sku"
                            + " on conflict (sku) do update set title = excluded.title,"
                            + " brand = excluded.brand, description = excluded.description,"
                            + " supplier_category = excluded.supplier_category, url = excluded.url,"
                            + " attributes = excluded.attributes, in_stock = excluded.in_stock,"
                            + " hidden = excluded.hidden, version = i.version + 1,"
                            + " updated_at = excluded.updated_at, created_at = case"
                            + " when i.deleted_at is null then i.created_at"
                            + " else excluded.created_at end, deleted_at = null"
                            + " where i.deleted_at is not null or (i.title, i.brand, i.description,"
                            + " i.supplier_category, i.url, i.attributes, i.in_stock, i.hidden)"
                            + " is distinct from (excluded.title, excluded.brand,"
                            + " excluded.description, excluded.supplier_category, excluded.url,"
                            + " excluded.attributes, excluded.in_stock, excluded.hidden)"
                            + " returning "
                            + (wordsLater ? "i.id, i.sku, i.version" : "i.*")
                            + "), words as ("
                            + (wordsLater ? WORDS_LATER : WORDS_NOW)
                            + "), noted as (insert into outbox (kind, key, version)"
                            + " select 'item', sku, version from written order by sku)"
                            + " select count(*) from written",
                        now,
                        now);
                ResultSet row = merge.executeQuery()) {
              row.next();
              written = row.getInt(1);
            }
            statement.execute("drop table item_in");
            return written;
          }
        });
  }

  static void copy(PGConnection connection, String table, CopyText text) throws SQLException {
    try {
      connection
          .getCopyAPI()
          .copyIn("copy " + table + " from stdin", new StringReader(text.toString()));
    } catch (IOException notFromMemory) {
      throw new IllegalStateException("text in memory cannot be read", notFromMemory);
    }
  }

  /** Reads an item from the columns of {@link #COLUMNS}. */
  static Item item(ResultSet row) throws SQLException {
    return new Item(
        row.getString("sku"),
        row.getString("title"),
        row.getString("brand"),
        row.getString("description"),
        row.getString("supplier_category"),
        row.getString("url"),
        attributes(row.getString("attributes")),
        row.getBoolean("in_stock"),
        row.getBoolean("hidden"),
        row.getLong("version"),
        CatalogDatabase.instant(row, "created_at"),
        CatalogDatabase.instant(row, "updated_at"));
  }

  private static Map<String, Object> attributes(String json) {
    try {
      return Collections.unmodifiableMap(Json.MAPPER.readValue(json, ATTRIBUTES));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("stored attributes cannot be read", broken);
    }
  }

  private static String json(Map<String, Object> attributes) {
    try {
      return Json.MAPPER.writeValueAsString(attributes);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("checked attributes cannot be written", impossible);
    }
  }
}
