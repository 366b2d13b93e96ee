package io.kailash.operations;

import io.kailash.platform.StoreState;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: PostgreSQL answers, takes writes, and its schema is up to date. */
@Readiness
@Singleton
public class SystemOfRecordCheck implements HealthCheck {
  private final KnownStores stores;

  @Inject
  SystemOfRecordCheck(KnownStores stores) {
    this.stores = stores;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("postgresql");
    Optional<StoreState> known = stores.systemOfRecord();
    if (known.isEmpty()) {
      return answer.down().withData("trouble", "has not been asked yet").build();
    }
    StoreState state = known.get();
    answer
        .status(state.reachable())
        .withData("age_millis", state.age().toMillis())
        .withData("took_millis", state.took().toMillis());
    state.trouble().ifPresent(trouble -> answer.withData("trouble", trouble));
    state.details().forEach(answer::withData);
    return answer.build();
  }
}
