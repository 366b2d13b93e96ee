package io.kailash.operations;

import io.kailash.platform.StoreState;
import io.kailash.platform.StoreWatch;
import io.kailash.platform.VectorSettings;
import io.kailash.projection.Projections;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * What the checks know about the stores. The server makes the checks while it still deploys the
 * service, and makes whatever they are given along with them; the stores' clients cannot be made so
 * early. So the checks are given this, which is empty until the service starts.
 */
@Singleton
class KnownStores {
  private volatile StoreWatch watch;
  private volatile VectorSettings vectors;
  private volatile Projections projections;

  void start(
      @Observes @Initialized(ApplicationScoped.class) Object event,
      StoreWatch watched,
      VectorSettings chosen,
      Projections started) {
    vectors = chosen;
    projections = started;
    watch = watched;
  }

  /** PostgreSQL, once the service has started. */
  Optional<StoreState> systemOfRecord() {
    return Optional.ofNullable(watch).map(StoreWatch::systemOfRecord);
  }

  /** Whether PostgreSQL answered at least once since the service started. */
  boolean systemOfRecordWasReached() {
    return watch != null && watch.systemOfRecordWasReached();
  }

  /** All others; none before the service has started. */
  List<StoreState> derived() {
    return watch == null ? List.of() : watch.derived();
  }

  /** How far the derived stores are; none before the service has started. */
  List<Projections.TargetState> projections() {
    return projections == null ? List.of() : projections.states();
  }

  /** Which vector store runs, once the service has started. */
  Optional<String> vectors() {
    return Optional.ofNullable(vectors).map(chosen -> chosen.store().text());
  }
}
