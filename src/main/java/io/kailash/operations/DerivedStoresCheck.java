package io.kailash.operations;

import io.kailash.platform.StoreState;
import io.kailash.projection.Projections;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Names the derived stores that are missing, and tells how far each is behind. It is always up:
 * each of them can be lost while the service goes on, and taking instances out of service for it
 * would turn a small loss into an outage.
 */
@Readiness
@Singleton
public class DerivedStoresCheck implements HealthCheck {
  private final KnownStores stores;

  @Inject
  DerivedStoresCheck(KnownStores stores) {
    this.stores = stores;
  }

  @Override
  public HealthCheckResponse call() {
    List<StoreState> derived = stores.derived();
    String missing =
        derived.stream()
            .filter(state -> !state.reachable())
            .map(StoreState::store)
            .collect(Collectors.joining(", "));
    HealthCheckResponseBuilder answer =
        HealthCheckResponse.named("derived-stores")
            .up()
            .withData("status", missing.isEmpty() ? "complete" : "degraded");
    stores.vectors().ifPresent(vectors -> answer.withData("vectors", vectors));
    if (!missing.isEmpty()) {
      answer.withData("degraded", missing);
    }
    for (StoreState state : derived) {
      answer
          .withData(state.store(), state.trouble().orElse("answers"))
          .withData(state.store() + "_age_millis", state.age().toMillis())
          .withData(state.store() + "_took_millis", state.took().toMillis());
    }
    for (Projections.TargetState target : stores.projections()) {
      String name = "projection_" + target.target();
      answer
          .withData(name, target.trouble() == null ? target.state() : target.trouble())
          .withData(name + "_lag_millis", Math.round(target.lagSeconds() * 1000))
          .withData(name + "_pending", target.pending());
      if (target.setAside() > 0) {
        answer.withData(name + "_set_aside", target.setAside());
      }
    }
    return answer.build();
  }
}
