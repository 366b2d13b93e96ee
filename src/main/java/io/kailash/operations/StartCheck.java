package io.kailash.operations;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Down until PostgreSQL was reached once with its schema up to date, and up from then on. */
@Startup
@Singleton
public class StartCheck implements HealthCheck {
  private final KnownStores stores;

  @Inject
  StartCheck(KnownStores stores) {
    this.stores = stores;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("start").status(stores.systemOfRecordWasReached()).build();
  }
}
