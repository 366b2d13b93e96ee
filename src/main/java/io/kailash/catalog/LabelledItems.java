package io.kailash.catalog;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.util.function.Consumer;

/** What there is to learn from. */
@Singleton
public class LabelledItems {
  private static final int FETCHED_AT_ONCE = 500;

  private final CatalogDatabase database;

  @Inject
  LabelledItems(CatalogDatabase database) {
    this.database = database;
  }

  /**
   * Hands every labelled item of a taxonomy to {@code consumer}, as of one moment, in an order that
   * does not change. Rows are fetched as they are consumed, so any number fits into memory; the
   * transaction stays open meanwhile, so the consumer should not dawdle.
   */
  @Transactional
  public void forEach(long taxonomyId, Consumer<LabelledItem> consumer) {
    database.connected(
        connection -> {
          try (var statement =
              CatalogDatabase.prepared(
                  connection,
                  "select i.sku, i.title, i.brand, i.description, i.supplier_category, i.url,"
                      + " l.category_code from label l join item i on i.id = l.item_id"
                      + " where l.taxonomy_id = ? order by l.item_id",
                  taxonomyId)) {
            // Without a transaction the driver would read all rows at once.
            statement.setFetchSize(FETCHED_AT_ONCE);
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                consumer.accept(
                    new LabelledItem(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7)));
              }
            }
            return null;
          }
        });
  }

  /** How many items of the taxonomy have a label. */
  public long count(long taxonomyId) {
    return database
        .all("select count(*) from label where taxonomy_id = ?", row -> row.getLong(1), taxonomyId)
        .get(0);
  }
}
