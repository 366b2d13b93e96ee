package io.kailash.recommendation.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kailash.access.AuditLog;
import io.kailash.platform.Json;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Sha256;
import io.kailash.recommendation.model.RecommenderDescription;
import io.kailash.recommendation.model.RecommenderModel;
import io.kailash.recommendation.model.RecommenderQuality;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** All models ever trained, and which of them is active; the database allows one. */
@Singleton
class RecommenderRegistry {
  private static final String SELECT =
      "select id, version, status, size_bytes, sha256, description::text, quality::text,"
          + " why_refused, trained_at, trained_by, activated_at, activated_by"
          + " from recommender_model ";

  private final DataSource database;
  private final AuditLog audit;
  private final Clock clock;

  @Inject
  RecommenderRegistry(DataSource database, AuditLog audit, Clock clock) {
    this.database = database;
    this.audit = audit;
    this.clock = clock;
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException, IOException;
  }

  private <T> T connected(Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.on(connection);
    } catch (SQLException | IOException failure) {
      throw new IllegalStateException("a statement about recommender models failed", failure);
    }
  }

  /**
   * Keeps a new model as a candidate.
   *
   * @param file of the model; never whole in memory
   */
  @Transactional
  StoredRecommender store(Path file, RecommenderDescription description, String trainedBy) {
    return connected(
        connection -> {
          long size = Files.size(file);
          lock(connection);
          int number;
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "select coalesce(max(number), 0) + 1 from recommender_model");
              ResultSet row = select.executeQuery()) {
            row.next();
            number = row.getInt(1);
          }
          long id;
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "insert into recommender_model (number, version, status, size_bytes, sha256,"
                      + " description, quality, trained_at, trained_by)"
                      + " values (?, ?, 'candidate', ?, ?, ?::jsonb, ?::jsonb, ?, ?)"
                      + " returning id")) {
            insert.setInt(1, number);
            insert.setString(2, "recommender-" + number);
            insert.setLong(3, size);
            insert.setBytes(4, Sha256.of(file));
            insert.setString(5, json(description));
            insert.setString(6, json(description.heldOut()));
            insert.setObject(7, clock.instant().atOffset(ZoneOffset.UTC));
            insert.setString(8, trainedBy);
            try (ResultSet row = insert.executeQuery()) {
              row.next();
              id = row.getLong(1);
            }
          }
          try (PreparedStatement insert =
                  connection.prepareStatement(
                      "insert into recommender_model_file (model_id, content) values (?, ?)");
              InputStream content = Files.newInputStream(file)) {
            insert.setLong(1, id);
            insert.setBinaryStream(2, content, size);
            insert.executeUpdate();
          }
          return read(connection, "where id = ?", id).get(0);
        });
  }

  StoredRecommender require(String version) {
    return connected(connection -> read(connection, "where version = ?", version)).stream()
        .findFirst()
        .orElseThrow(() -> ProblemException.notFound("recommender model", version));
  }

  /** Newest first. */
  List<StoredRecommender> all(long beforeId, int limit) {
    return connected(
        connection -> read(connection, "where id < ? order by id desc limit ?", beforeId, limit));
  }

  Optional<StoredRecommender> active() {
    return connected(connection -> read(connection, "where status = 'active'")).stream()
        .findFirst();
  }

  boolean isEmpty() {
    return all(Long.MAX_VALUE, 1).isEmpty();
  }

  RecommenderModel load(long id) {
    return connected(
        connection -> {
          try (InputStream content = new SlicedContent(connection, id)) {
            return RecommenderModel.read(content);
          } catch (IOException failure) {
            if (failure.getCause() instanceof SQLException database) {
              throw database;
            }
            throw failure;
          }
        });
  }

  /**
   * Makes a model the active one, in one step.
   *
   * @param worseShare how much of the active model's NDCG@10 it may lack
   * @param force activates a model that is worse
   * @throws ProblemException 409 where the model is worse and {@code force} is not set; the model
   *     is marked as refused
   */
  @Transactional(dontRollbackOn = ProblemException.class)
  StoredRecommender activate(
      StoredRecommender model, double worseShare, boolean force, String actor) {
    return connected(
        connection -> {
          lock(connection);
          Optional<StoredRecommender> current =
              read(connection, "where status = 'active'").stream().findFirst();
          if (current.isPresent() && current.get().id() == model.id()) {
            return current.get();
          }
          Optional<String> worse =
              current.flatMap(active -> worse(quality(model), quality(active), worseShare, active));
          if (worse.isPresent() && !force) {
            update(
                connection,
                "update recommender_model set status = 'refused', why_refused = ? where id = ?",
                worse.get(),
                model.id());
            audit.record(actor, "recommender.refuse", model.version(), Map.of("why", worse.get()));
            throw ProblemException.conflict(
                "worse-model",
                "Worse than the active model",
                "model "
                    + model.version()
                    + " "
                    + worse.get()
                    + "; an administrator can activate it all the same with \"force\": true");
          }
          switchTo(connection, model.id(), actor);
          Map<String, Object> detail = new HashMap<>();
          detail.put("before", current.map(StoredRecommender::version).orElse(null));
          detail.put("forced", worse.isPresent());
          audit.record(actor, "recommender.activate", model.version(), detail);
          return read(connection, "where id = ?", model.id()).get(0);
        });
  }

  /** Why a model is worse, in words; empty where it is not, or nobody can tell. */
  static Optional<String> worse(
      RecommenderQuality candidate,
      RecommenderQuality active,
      double worseShare,
      StoredRecommender activeModel) {
    if (candidate.users() == 0 || active.users() == 0) {
      return Optional.empty();
    }
    if (candidate.ndcgAt10() >= active.ndcgAt10() * (1 - worseShare)) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "has NDCG@10 %.4f on held-out history, the active %s had %.4f",
            candidate.ndcgAt10(),
            activeModel.version(),
            active.ndcgAt10()));
  }

  /** Makes the model active that was so before the current one. */
  @Transactional
  StoredRecommender rollBack(String actor) {
    return connected(
        connection -> {
          lock(connection);
          StoredRecommender before =
              read(connection, "where status = 'retired' order by activated_at desc limit 1")
                  .stream()
                  .findFirst()
                  .orElseThrow(
                      () ->
                          ProblemException.conflict(
                              "nothing-to-roll-back-to",
                              "Nothing to roll back to",
                              "no other recommender model was ever active"));
          switchTo(connection, before.id(), actor);
          audit.record(actor, "recommender.roll-back", before.version(), Map.of());
          return read(connection, "where id = ?", before.id()).get(0);
        });
  }

  private void switchTo(Connection connection, long id, String actor) throws SQLException {
    update(connection, "update recommender_model set status = 'retired' where status = 'active'");
    update(
        connection,
        "update recommender_model set status = 'active', why_refused = null, activated_at = ?,"
            + " activated_by = ? where id = ?",
        clock.instant().atOffset(ZoneOffset.UTC),
        actor,
        id);
  }

  /** Lets one training or activation at a time through. */
  private static void lock(Connection connection) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement(
            "select pg_advisory_xact_lock(hashtext('kailash.recommender'))")) {
      lock.execute();
    }
  }

  private static void update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        update.setObject(i + 1, values[i]);
      }
      update.executeUpdate();
    }
  }

  private static List<StoredRecommender> read(Connection connection, String where, Object... values)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SELECT + where)) {
      for (int i = 0; i < values.length; i++) {
        select.setObject(i + 1, values[i]);
      }
      List<StoredRecommender> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new StoredRecommender(
                  row.getLong(1),
                  row.getString(2),
                  row.getString(3),
                  row.getLong(4),
                  HexFormat.of().formatHex(row.getBytes(5)),
                  row.getString(6),
                  row.getString(7),
                  row.getString(8),
                  instant(row, 9),
                  row.getString(10),
                  instant(row, 11),
                  row.getString(12)));
        }
      }
      return found;
    }
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  private static RecommenderQuality quality(StoredRecommender model) {
    try {
      return Json.MAPPER.readValue(model.quality(), RecommenderQuality.class);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("the quality of a model cannot be read", broken);
    }
  }

  private static String json(Object value) {
    try {
      return Json.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException notJson) {
      throw new IllegalStateException(notJson);
    }
  }
}
