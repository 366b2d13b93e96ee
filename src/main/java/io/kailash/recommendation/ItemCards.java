package io.kailash.recommendation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kailash.platform.Json;
import io.kailash.platform.Settings;
import io.kailash.platform.StoreTimings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Cards of items in memory, read from PostgreSQL many at once. A card may be some seconds old, and
 * older while PostgreSQL is down; whether an item may be shown at all is asked afresh for every
 * answer.
 */
@Singleton
class ItemCards {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final TypeReference<Map<String, String>> CODES = new TypeReference<>() {};
  private static final String STORE = "postgresql";

  private final DataSource database;
  private final StoreTimings timings;
  private final Cache<String, Kept> cards;

  private record Kept(ItemCard card, long atNanos) {
    boolean fresh(long now) {
      return now - atNanos < FRESH_NANOS;
    }
  }

  @Inject
  ItemCards(DataSource database, StoreTimings timings, Settings settings) {
    this.database = database;
    this.timings = timings;
    cards =
        Caffeine.newBuilder()
            .maximumSize(RecommendationSettings.read(settings).cachedItems())
            .executor(Runnable::run)
            .build();
  }

  /** What memory has, however old. */
  Map<String, ItemCard> known(Collection<String> skus) {
    Map<String, ItemCard> found = new HashMap<>();
    for (String sku : skus) {
      Kept kept = cards.getIfPresent(sku);
      if (kept != null) {
        found.put(sku, kept.card());
      }
    }
    return found;
  }

  /** Of these, which are not in memory or there for too long. */
  List<String> stale(Collection<String> skus) {
    long now = System.nanoTime();
    List<String> stale = new ArrayList<>();
    for (String sku : skus) {
      Kept kept = cards.getIfPresent(sku);
      if (kept == null || !kept.fresh(now)) {
        stale.add(sku);
      }
    }
    return stale;
  }

  /** Reads these anew, by one query. */
  void load(Collection<String> skus) throws SQLException {
    if (skus.isEmpty()) {
      return;
    }
    long began = System.nanoTime();
    Set<String> missing = new HashSet<>(skus);
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select i.sku, i.title, i.brand, i.attributes::text, i.in_stock, i.hidden,"
                    + " (select jsonb_object_agg(t.code, l.category_code)::text from label l"
                    + " join taxonomy t on t.id = l.taxonomy_id where l.item_id = i.id)"
                    + " from item i where i.sku = any (?) and i.deleted_at is null")) {
      select.setArray(1, array(connection, skus));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          ItemCard card =
              new ItemCard(
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  codes(row.getString(7)),
                  !row.getBoolean(6),
                  row.getBoolean(5));
          missing.remove(card.sku());
          cards.put(card.sku(), new Kept(card, began));
        }
      }
    }
    missing.forEach(sku -> cards.put(sku, new Kept(ItemCard.absent(sku), began)));
    timings.record(STORE, "join", Duration.ofNanos(System.nanoTime() - began));
  }

  /** Which of these may be shown at this very moment, and whether each is in stock. */
  Map<String, Boolean> visible(Collection<String> skus) throws SQLException {
    long began = System.nanoTime();
    Map<String, Boolean> visible = new HashMap<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select sku, in_stock from item"
                    + " where sku = any (?) and deleted_at is null and not hidden")) {
      select.setArray(1, array(connection, skus));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          visible.put(row.getString(1), row.getBoolean(2));
        }
      }
    }
    timings.record(STORE, "select", Duration.ofNanos(System.nanoTime() - began));
    return visible;
  }

  /**
   * Items that fill an answer up: the newest ones, of some categories where there are any.
   *
   * @param taxonomyId null for any item
   */
  List<String> newest(
      Long taxonomyId, Collection<String> categories, boolean inStockOnly, int limit)
      throws SQLException {
    long began = System.nanoTime();
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                taxonomyId == null
                    ? "select sku from item where deleted_at is null and not hidden"
                        + " and (in_stock or not ?) order by id desc limit ?"
                    : "select i.sku from label l join item i on i.id = l.item_id"
                        + " where i.deleted_at is null and not i.hidden and (i.in_stock or not ?)"
                        + " and l.taxonomy_id = ? and l.category_code = any (?)"
                        + " order by i.id desc limit ?")) {
      select.setBoolean(1, inStockOnly);
      if (taxonomyId == null) {
        select.setInt(2, limit);
      } else {
        select.setLong(2, taxonomyId);
        select.setArray(3, array(connection, categories));
        select.setInt(4, limit);
      }
      List<String> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(row.getString(1));
        }
      }
      timings.record(
          STORE,
          taxonomyId == null ? "select" : "join",
          Duration.ofNanos(System.nanoTime() - began));
      return found;
    }
  }

  /** Something about these has changed. */
  void changed(Collection<String> skus) {
    skus.forEach(
        sku -> {
          Kept kept = cards.getIfPresent(sku);
          if (kept != null) {
            // Kept as old rather than removed: while PostgreSQL is down it is all there is.
            cards.put(sku, new Kept(kept.card(), kept.atNanos() - FRESH_NANOS));
          }
        });
  }

  /** Anything may have changed. */
  void allChanged() {
    changed(List.copyOf(cards.asMap().keySet()));
  }

  private static Map<String, String> codes(String json) {
    if (json == null) {
      return Map.of();
    }
    try {
      return Map.copyOf(Json.MAPPER.readValue(json, CODES));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("labels cannot be read", broken);
    }
  }

  private static Array array(Connection connection, Collection<String> skus) throws SQLException {
    return connection.createArrayOf("text", skus.toArray());
  }
}
