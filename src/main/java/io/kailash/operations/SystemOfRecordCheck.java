package io.kailash.operations;

import io.kailash.platform.StoreState;
import io.kailash.platform.StoreWatch;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: PostgreSQL answers, takes writes, and its schema is up to date. */
@Readiness
@Singleton
public class SystemOfRecordCheck implements HealthCheck {
  private final StoreWatch watch;

  @Inject
  SystemOfRecordCheck(StoreWatch watch) {
    this.watch = watch;
  }

  @Override
  public HealthCheckResponse call() {
    StoreState state = watch.state("postgresql");
    HealthCheckResponseBuilder answer =
        HealthCheckResponse.named("postgresql")
            .status(state.reachable())
            .withData("age_millis", state.age().toMillis())
            .withData("took_millis", state.took().toMillis());
    state.trouble().ifPresent(trouble -> answer.withData("trouble", trouble));
    state.details().forEach(answer::withData);
    return answer.build();
  }
}
