package io.kailash.classification;

import io.kailash.classification.model.ClassifierModel;
import io.kailash.classification.model.ModelFileException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The active model of every taxonomy, in memory. A look-up never waits; a refresh reads a file only
 * when another model has become active and replaces all in one step. While PostgreSQL is down the
 * last known models stay; a model whose file cannot be read is left out and told.
 */
@Singleton
class ActiveModels {
  private static final Logger LOG = Logger.getLogger(ActiveModels.class.getName());

  private final DataSource database;

  /** Told once each, not at every refresh. */
  private final Set<Long> unreadableIds = ConcurrentHashMap.newKeySet();

  private volatile Map<Long, ActiveModel> byTaxonomy = Map.of();

  @Inject
  ActiveModels(DataSource database) {
    this.database = database;
  }

  Optional<ActiveModel> find(long taxonomyId) {
    return Optional.ofNullable(byTaxonomy.get(taxonomyId));
  }

  /** How many taxonomies have a model. */
  int count() {
    return byTaxonomy.size();
  }

  /** Takes over what is active now. */
  synchronized void refresh() {
    Map<Long, ActiveModel> known = byTaxonomy;
    Map<Long, ActiveModel> now = new HashMap<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select id, taxonomy_id, version from classifier_model where status = 'active'");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        long id = rows.getLong(1);
        long taxonomyId = rows.getLong(2);
        ActiveModel current = known.get(taxonomyId);
        if (current == null || current.id() != id) {
          String version = rows.getString(3);
          try {
            current = new ActiveModel(id, taxonomyId, version, load(connection, id));
            LOG.info("model " + version + " is in use");
          } catch (ModelFileException unreadable) {
            // One damaged file must not take the models of other taxonomies along.
            if (unreadableIds.add(id)) {
              LOG.log(
                  Level.SEVERE,
                  "model " + version + " cannot be read; train or activate another one",
                  unreadable);
            }
          }
        }
        if (current != null) {
          now.put(taxonomyId, current);
        }
      }
    } catch (SQLException | IOException failure) {
      throw new IllegalStateException("cannot read the active models", failure);
    }
    byTaxonomy = Map.copyOf(now);
  }

  /** Reads a model from its file. */
  ClassifierModel load(long modelId) {
    try (Connection connection = database.getConnection()) {
      return load(connection, modelId);
    } catch (SQLException | IOException failure) {
      throw new IllegalStateException("cannot read model " + modelId, failure);
    }
  }

  /** Reads a model from its file; empty where the file is damaged. */
  Optional<ClassifierModel> loadIfReadable(long modelId) {
    try (Connection connection = database.getConnection()) {
      return Optional.of(load(connection, modelId));
    } catch (ModelFileException damaged) {
      LOG.log(Level.WARNING, "model " + modelId + " cannot be read", damaged);
      return Optional.empty();
    } catch (SQLException | IOException failure) {
      throw new IllegalStateException("cannot read model " + modelId, failure);
    }
  }

  private static ClassifierModel load(Connection connection, long modelId)
      throws SQLException, IOException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select content from classifier_model_file where model_id = ?")) {
      select.setLong(1, modelId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new IOException("model " + modelId + " has no file");
        }
        return ClassifierModel.read(new ByteArrayInputStream(row.getBytes(1)));
      }
    }
  }
}
