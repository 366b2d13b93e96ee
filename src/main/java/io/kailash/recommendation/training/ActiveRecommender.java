package io.kailash.recommendation.training;

import io.kailash.recommendation.model.RecommenderModel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The active model, in memory. A look-up never waits; a refresh reads a file only when another
 * model has become active. While PostgreSQL is down the last known one stays; one whose file cannot
 * be read is told once and the one before goes on.
 */
@Singleton
public class ActiveRecommender {
  private static final Logger LOG = Logger.getLogger(ActiveRecommender.class.getName());

  private final RecommenderRegistry registry;
  private final Set<Long> unreadable = new HashSet<>();
  private volatile Optional<Active> active = Optional.empty();

  /** A model in use. */
  public record Active(long id, String version, RecommenderModel model) {}

  @Inject
  ActiveRecommender(RecommenderRegistry registry) {
    this.registry = registry;
  }

  /** The active model, if there is one. */
  public Optional<Active> find() {
    return active;
  }

  /** Takes over what is active now. */
  public synchronized void refresh() {
    Optional<StoredRecommender> stored = registry.active();
    if (stored.isEmpty()) {
      active = Optional.empty();
      return;
    }
    long id = stored.get().id();
    if (active.map(Active::id).filter(now -> now == id).isPresent() || unreadable.contains(id)) {
      return;
    }
    try {
      active = Optional.of(new Active(id, stored.get().version(), registry.load(id)));
      LOG.log(Level.INFO, "recommender model {0} is in use", stored.get().version());
    } catch (IllegalStateException failure) {
      if (failure.getCause() instanceof java.sql.SQLException) {
        throw failure;
      }
      unreadable.add(id);
      LOG.log(
          Level.SEVERE,
          "recommender model "
              + stored.get().version()
              + " cannot be read; train or activate another one",
          failure);
    }
  }
}
