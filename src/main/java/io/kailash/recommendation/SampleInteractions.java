package io.kailash.recommendation;

import io.kailash.catalog.SampleInPlace;
import io.kailash.catalog.StarterCatalog;
import io.kailash.recommendation.InteractionDraft.Checked;
import io.kailash.recommendation.SampleShoppers.Shelf;
import io.kailash.taxonomy.Category;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Gives the sample catalog its sample interactions, once, so that a newcomer sees recommendations
 * at once: where {@code kailash.starter} is true, the sample is the active version of its taxonomy,
 * and there is no interaction yet. Their users are called {@code sample-1} and so on.
 */
@Singleton
class SampleInteractions {
  private static final Logger LOG = Logger.getLogger(SampleInteractions.class.getName());
  private static final int PEOPLE = 300;
  private static final long SEED = 20_260_301;
  private static final int CHUNK = 2_000;

  private final Taxonomies taxonomies;
  private final Interactions interactions;
  private final DataSource database;
  private final Clock clock;

  @Inject
  SampleInteractions(
      Taxonomies taxonomies, Interactions interactions, DataSource database, Clock clock) {
    this.taxonomies = taxonomies;
    this.interactions = interactions;
    this.database = database;
    this.clock = clock;
  }

  @Transactional
  void add(@Observes SampleInPlace event) {
    Optional<Taxonomy> sample = taxonomies.find(StarterCatalog.TAXONOMY).filter(Taxonomy::sample);
    if (sample.isEmpty()) {
      return;
    }
    try (Connection connection = database.getConnection()) {
      try (PreparedStatement lock =
          connection.prepareStatement(
              "select pg_advisory_xact_lock(hashtext('kailash.starter-interactions'))")) {
        lock.execute();
      }
      if (interactions.count(1) > 0) {
        return;
      }
      List<Checked> visits =
          SampleShoppers.visits(shelves(connection, sample.get()), PEOPLE, clock.instant(), SEED);
      for (int from = 0; from < visits.size(); from += CHUNK) {
        interactions.add(visits.subList(from, Math.min(visits.size(), from + CHUNK)));
      }
      LOG.log(
          Level.INFO,
          "the sample catalog got {0} made-up interactions of users sample-1 to sample-{1}",
          new Object[] {Integer.toString(visits.size()), Integer.toString(PEOPLE)});
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot write the sample's interactions", failure);
    }
  }

  private static List<Shelf> shelves(Connection connection, Taxonomy sample) throws SQLException {
    Map<String, List<String>> byCategory = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select i.sku, l.category_code from label l join item i on i.id = l.item_id"
                + " where l.taxonomy_id = ? and i.deleted_at is null order by i.id")) {
      select.setLong(1, sample.id());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          byCategory
              .computeIfAbsent(row.getString(2), c -> new ArrayList<>())
              .add(row.getString(1));
        }
      }
    }
    List<Shelf> shelves = new ArrayList<>();
    for (Category category : sample.categories().all()) {
      List<String> skus = byCategory.get(category.code());
      if (skus != null) {
        shelves.add(
            new Shelf(
                category.code(),
                category.parent() == null ? category.code() : category.parentCode(),
                skus));
      }
    }
    return shelves;
  }
}
