package io.kailash.operations;

import io.kailash.platform.StoreState;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Down until PostgreSQL was reached once with its schema up to date, and up from then on. */
@Startup
@Singleton
public class StartCheck implements HealthCheck {
  private final KnownStores stores;
  private final AtomicBoolean started = new AtomicBoolean();

  @Inject
  StartCheck(KnownStores stores) {
    this.stores = stores;
  }

  @Override
  public HealthCheckResponse call() {
    if (!started.get() && stores.systemOfRecord().map(StoreState::reachable).orElse(false)) {
      started.set(true);
    }
    return HealthCheckResponse.named("start").status(started.get()).build();
  }
}
