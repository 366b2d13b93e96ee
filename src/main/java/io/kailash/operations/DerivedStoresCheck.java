package io.kailash.operations;

import io.kailash.platform.StoreState;
import io.kailash.platform.StoreWatch;
import io.kailash.platform.VectorSettings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Names the derived stores that are missing. It is always up: each of them can be lost while the
 * service goes on, and taking instances out of service for it would turn a small loss into an
 * outage.
 */
@Readiness
@Singleton
public class DerivedStoresCheck implements HealthCheck {
  private final StoreWatch watch;
  private final VectorSettings vectors;

  @Inject
  DerivedStoresCheck(StoreWatch watch, VectorSettings vectors) {
    this.watch = watch;
    this.vectors = vectors;
  }

  @Override
  public HealthCheckResponse call() {
    List<StoreState> derived =
        watch.states().stream().filter(state -> !state.store().equals("postgresql")).toList();
    String missing =
        derived.stream()
            .filter(state -> !state.reachable())
            .map(StoreState::store)
            .collect(Collectors.joining(", "));
    HealthCheckResponseBuilder answer =
        HealthCheckResponse.named("derived-stores")
            .up()
            .withData("status", missing.isEmpty() ? "complete" : "degraded")
            .withData("vectors", vectors.store().text());
    if (!missing.isEmpty()) {
      answer.withData("degraded", missing);
    }
    for (StoreState state : derived) {
      answer
          .withData(state.store(), state.trouble().orElse("answers"))
          .withData(state.store() + "_age_millis", state.age().toMillis())
          .withData(state.store() + "_took_millis", state.took().toMillis());
    }
    return answer.build();
  }
}
