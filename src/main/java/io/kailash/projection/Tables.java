package io.kailash.projection;

import io.kailash.platform.OutboxEvent;
import io.kailash.platform.StoreTimings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** What is so at present, read from the tables that hold the truth. */
@Singleton
class Tables {
  private static final String STORE = "postgresql";
  private static final String ITEM =
      "select i.sku, i.title, i.brand, i.hidden, i.in_stock, i.version,"
          + " i.deleted_at is not null as deleted,"
          + " array(select t.code || '/' || l.category_code from label l"
          + " join taxonomy t on t.id = l.taxonomy_id where l.item_id = i.id"
          + " order by 1) as categories from item i";

  /** The newest of each user, item and kind: what the graph has one relationship for. */
  private static final String NEWEST =
      "select distinct on (user_id, sku, kind) user_id, sku, kind, value,"
          + " (extract(epoch from at) * 1000)::bigint as millis from interaction";

  private final DataSource database;
  private final StoreTimings timings;

  @Inject
  Tables(DataSource database, StoreTimings timings) {
    this.database = database;
    this.timings = timings;
  }

  /**
   * An item.
   *
   * @param brand null where there is none
   * @param categories keys of the categories it is labelled with, as the graph names them
   */
  record ItemState(
      String sku,
      String title,
      String brand,
      boolean hidden,
      boolean inStock,
      long version,
      boolean deleted,
      List<String> categories) {}

  /**
   * A category of an active version.
   *
   * @param parent code of the one above; null at the top
   */
  record CategoryState(
      String code, String name, String parent, int level, List<String> path, int version) {}

  /** The newest interaction of one kind of a user with an item. */
  record Interaction(String user, String sku, String kind, Double value, long atMillis) {}

  /** These items, as far as there is a row; of a deleted one, too. */
  List<ItemState> items(Collection<String> skus) {
    return all("join", ITEM + " where i.sku = any(?)", Tables::item, (Object) texts(skus));
  }

  /** The next items by sku, without the deleted. */
  List<ItemState> itemsAfter(String sku, int limit) {
    return all(
        "join",
        ITEM + " where i.sku > ? and i.deleted_at is null order by i.sku limit ?",
        Tables::item,
        sku,
        limit);
  }

  long itemCount() {
    return all("select", "select count(*) from item where deleted_at is null", r -> r.getLong(1))
        .get(0);
  }

  /** Codes of all taxonomies. */
  List<String> taxonomies() {
    return all("select", "select code from taxonomy order by code", r -> r.getString(1));
  }

  /** The categories of a taxonomy's active version; none where there is none. */
  List<CategoryState> categories(String taxonomy) {
    return all(
        "join",
        "select c.code, c.name, c.parent_code, c.level, c.path, c.version from taxonomy t"
            + " join category c on c.taxonomy_id = t.id and c.version = t.active_version"
            + " where t.code = ? order by c.position",
        r ->
            new CategoryState(
                r.getString(1),
                r.getString(2),
                r.getString(3),
                r.getInt(4),
                Arrays.asList((String[]) r.getArray(5).getArray()),
                r.getInt(6)),
        taxonomy);
  }

  /** An item and a category it is labelled with. */
  record LabelledWith(long id, String sku, String category) {}

  /** The next labels of a taxonomy with one of these categories, by the item's number. */
  List<LabelledWith> labels(String taxonomy, Collection<String> categories, long after, int limit) {
    return all(
        "join",
        "select l.item_id, i.sku, l.category_code from label l"
            + " join taxonomy t on t.id = l.taxonomy_id join item i on i.id = l.item_id"
            + " where t.code = ? and l.category_code = any(?) and l.item_id > ?"
            + " order by l.item_id limit ?",
        r -> new LabelledWith(r.getLong(1), r.getString(2), r.getString(3)),
        taxonomy,
        texts(categories),
        after,
        limit);
  }

  /** Whether there are interactions at all: their table comes with another room. */
  boolean hasInteractions() {
    return all("select", "select to_regclass('interaction') is not null", r -> r.getBoolean(1))
        .get(0);
  }

  /** The next users who did something. */
  List<String> usersAfter(String user, int limit) {
    return all(
        "select",
        "select distinct user_id from interaction where user_id > ? order by user_id limit ?",
        r -> r.getString(1),
        user,
        limit);
  }

  /** What these users did, the newest of each item and kind. */
  List<Interaction> interactions(Collection<String> users) {
    return all(
        "select",
        NEWEST + " where user_id = any(?) order by user_id, sku, kind, at desc, id desc",
        Tables::interaction,
        (Object) texts(users));
  }

  /** The next interactions by number, as the outbox carries them. */
  List<OutboxEvent> interactionEvents(long after, int limit) {
    return all(
        "select",
        "select id, user_id, jsonb_build_object('user', user_id, 'sku', sku, 'kind', kind,"
            + " 'value', value, 'at', to_char(at at time zone 'UTC',"
            + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))::text"
            + " from interaction where id > ? order by id limit ?",
        r ->
            new OutboxEvent(
                InteractionPayload.EVENT, r.getString(2), r.getLong(1), false, r.getString(3)),
        after,
        limit);
  }

  /** Hands every pair of items that users bought within a time of each other to {@code pairs}. */
  void boughtTogether(long windowMillis, Consumer<BoughtTogether> pairs) {
    try (Connection connection = database.getConnection()) {
      // Without a transaction the driver would read all rows at once.
      connection.setAutoCommit(false);
      try (PreparedStatement statement =
          connection.prepareStatement(
              "with bought as materialized ("
                  + NEWEST
                  + " where kind = 'purchase' order by user_id, sku, kind, at desc, id desc)"
                  + " select a.sku, b.sku, count(*) from bought a join bought b"
                  + " on a.user_id = b.user_id and a.sku < b.sku"
                  + " and abs(a.millis - b.millis) <= ? group by a.sku, b.sku")) {
        statement.setFetchSize(2000);
        statement.setLong(1, windowMillis);
        try (ResultSet row = statement.executeQuery()) {
          while (row.next()) {
            pairs.accept(new BoughtTogether(row.getString(1), row.getString(2), row.getLong(3)));
          }
        }
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException failure) {
      throw new TargetDownException("the tables cannot be read", failure);
    }
  }

  /** How many users bought both; {@code first} comes before {@code second}. */
  record BoughtTogether(String first, String second, long count) {}

  private static ItemState item(ResultSet row) throws SQLException {
    return new ItemState(
        row.getString("sku"),
        row.getString("title"),
        row.getString("brand"),
        row.getBoolean("hidden"),
        row.getBoolean("in_stock"),
        row.getLong("version"),
        row.getBoolean("deleted"),
        Arrays.asList((String[]) row.getArray("categories").getArray()));
  }

  private static Interaction interaction(ResultSet row) throws SQLException {
    double value = row.getDouble("value");
    return new Interaction(
        row.getString("user_id"),
        row.getString("sku"),
        row.getString("kind"),
        row.wasNull() ? null : value,
        row.getLong("millis"));
  }

  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private static String[] texts(Collection<String> texts) {
    return texts.toArray(String[]::new);
  }

  private <T> List<T> all(String operation, String sql, Row<T> row, Object... values) {
    long began = System.nanoTime();
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        if (values[i] instanceof String[] texts) {
          statement.setArray(i + 1, connection.createArrayOf("text", texts));
        } else {
          statement.setObject(i + 1, values[i]);
        }
      }
      List<T> read = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          read.add(row.read(rows));
        }
      }
      return read;
    } catch (SQLException failure) {
      // Nothing the change at hand could be blamed for.
      throw new TargetDownException("the tables cannot be read", failure);
    } finally {
      timings.record(STORE, operation, Duration.ofNanos(System.nanoTime() - began));
    }
  }
}
