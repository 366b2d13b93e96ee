package io.kailash.classification;

import io.kailash.access.Caller;
import io.kailash.catalog.ItemEditor;
import io.kailash.catalog.Items;
import io.kailash.catalog.LabelSource;
import io.kailash.classification.model.ItemText;
import io.kailash.platform.ProblemException;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * What people say of decisions, and which decisions wait for somebody to say something. Feedback
 * becomes a label: of the item the decision was about, or of its text where it was about none.
 */
@Singleton
class Feedback {
  /** A decision made just now may not be written yet. */
  private static final long SETTLE_MILLIS = 2_000;

  private final DataSource database;
  private final DecisionLog log;
  private final Taxonomies taxonomies;
  private final ItemEditor editor;
  private final Items items;
  private final Clock clock;

  @Inject
  Feedback(
      DataSource database,
      DecisionLog log,
      Taxonomies taxonomies,
      ItemEditor editor,
      Items items,
      Clock clock) {
    this.database = database;
    this.log = log;
    this.taxonomies = taxonomies;
    this.editor = editor;
    this.items = items;
    this.clock = clock;
  }

  /** A decision as it was written. */
  record Written(
      UUID id,
      Instant at,
      long taxonomyId,
      long modelId,
      String modelVersion,
      String category,
      double confidence,
      String leaf,
      double leafConfidence,
      boolean accepted,
      String sku,
      ItemText text,
      long textHash,
      Double usefulness) {}

  /** A decision, waiting for it to be written if it was made just now. */
  Written require(UUID id) {
    try {
      Optional<Written> found = find(id);
      if (found.isEmpty()) {
        log.settle(SETTLE_MILLIS);
        found = find(id);
      }
      return found.orElseThrow(() -> ProblemException.notFound("classification", id.toString()));
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot read a decision", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("the service is ending", 5);
    }
  }

  private static final String SELECT =
      "select d.id, d.at, d.taxonomy_id, d.model_id, m.version, d.category_code, d.confidence,"
          + " d.leaf_code, d.leaf_confidence, d.accepted, d.sku, d.title, d.brand, d.description,"
          + " d.supplier_category, d.url, d.text_hash, d.usefulness"
          + " from decision d join classifier_model m on m.id = d.model_id ";

  private Optional<Written> find(UUID id) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(SELECT + "where d.id = ?")) {
      select.setObject(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(written(row)) : Optional.empty();
      }
    }
  }

  private static Written written(ResultSet row) throws SQLException {
    return new Written(
        row.getObject(1, UUID.class),
        row.getObject(2, OffsetDateTime.class).toInstant(),
        row.getLong(3),
        row.getLong(4),
        row.getString(5),
        row.getString(6),
        row.getDouble(7),
        row.getString(8),
        row.getDouble(9),
        row.getBoolean(10),
        row.getString(11),
        new ItemText(
            row.getString(12),
            row.getString(13),
            row.getString(14),
            row.getString(15),
            row.getString(16)),
        row.getLong(17),
        row.getObject(18) == null ? null : row.getDouble(18));
  }

  /** Names of the taxonomy a decision was made in. */
  Taxonomy taxonomyOf(Written decision) {
    return taxonomies.all().stream()
        .filter(taxonomy -> taxonomy.id() == decision.taxonomyId())
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.conflict(
                    "taxonomy-gone", "Taxonomy is gone", "the decision's taxonomy was removed"));
  }

  /**
   * Takes feedback; the last one given counts.
   *
   * @param category the right one; null where the answered one was right
   * @return the category that is the label now
   */
  @Transactional
  String give(Written decision, String category, Caller caller) {
    Taxonomy taxonomy = taxonomyOf(decision);
    String right = category == null ? decision.category() : category;
    if (taxonomy.categories().find(right).isEmpty()) {
      throw ProblemException.invalid(
          category == null ? "/right" : "/category",
          "'" + right + "' is no category of taxonomy '" + taxonomy.code() + "'");
    }
    boolean ofItem = decision.sku() != null && items.find(decision.sku()).isPresent();
    try (Connection connection = database.getConnection()) {
      store(connection, decision, right, caller);
      if (!ofItem) {
        storeText(connection, decision, right);
      }
      settleReview(connection, decision);
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot store feedback", failure);
    }
    if (ofItem) {
      editor.setLabel(caller.name(), decision.sku(), taxonomy.code(), right, LabelSource.FEEDBACK);
    }
    return right;
  }

  private void store(Connection connection, Written decision, String right, Caller caller)
      throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "insert into classification_feedback (decision_id, taxonomy_id, model_id, predicted,"
                + " category_code, was_right, given_by, given_at, sku)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (decision_id) do update set"
                + " category_code = excluded.category_code, was_right = excluded.was_right,"
                + " given_by = excluded.given_by, given_at = excluded.given_at")) {
      upsert.setObject(1, decision.id());
      upsert.setLong(2, decision.taxonomyId());
      upsert.setLong(3, decision.modelId());
      upsert.setString(4, decision.category());
      upsert.setString(5, right);
      upsert.setBoolean(6, right.equals(decision.category()));
      upsert.setString(7, caller.name());
      upsert.setObject(8, clock.instant().atOffset(ZoneOffset.UTC));
      upsert.setString(9, decision.sku());
      upsert.executeUpdate();
    }
  }

  private static void storeText(Connection connection, Written decision, String right)
      throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "insert into labelled_text (decision_id, taxonomy_id, category_code, title, brand,"
                + " description, supplier_category, url) values (?, ?, ?, ?, ?, ?, ?, ?)"
                + " on conflict (decision_id) do update set category_code = excluded.category_code")) {
      upsert.setObject(1, decision.id());
      upsert.setLong(2, decision.taxonomyId());
      upsert.setString(3, right);
      upsert.setString(4, decision.text().title());
      upsert.setString(5, decision.text().brand());
      upsert.setString(6, decision.text().description());
      upsert.setString(7, decision.text().supplierCategory());
      upsert.setString(8, decision.text().url());
      upsert.executeUpdate();
    }
  }

  /** One answer settles every waiting decision about the same text. */
  private static void settleReview(Connection connection, Written decision) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "update decision set usefulness = null"
                + " where taxonomy_id = ? and text_hash = ? and usefulness is not null")) {
      update.setLong(1, decision.taxonomyId());
      update.setLong(2, decision.textHash());
      update.executeUpdate();
    }
  }

  /** Decisions that wait for a person, most useful first; each text once. */
  List<Written> waiting(long taxonomyId, int limit) {
    List<Written> queue = new ArrayList<>();
    Set<Long> texts = new HashSet<>();
    try (Connection connection = database.getConnection()) {
      int offset = 0;
      int chunk = Math.max(limit * 2, 100);
      while (queue.size() < limit) {
        int read = 0;
        try (PreparedStatement select =
            connection.prepareStatement(
                SELECT
                    + "where d.taxonomy_id = ? and d.usefulness is not null"
                    + " order by d.usefulness desc, d.id limit ? offset ?")) {
          select.setLong(1, taxonomyId);
          select.setInt(2, chunk);
          select.setInt(3, offset);
          try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
              read++;
              Written decision = written(row);
              if (queue.size() < limit && texts.add(decision.textHash())) {
                queue.add(decision);
              }
            }
          }
        }
        if (read < chunk) {
          break;
        }
        offset += chunk;
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot read the review queue", failure);
    }
    return queue;
  }
}
