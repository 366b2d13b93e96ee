package io.kailash.operations;

import io.kailash.platform.StoreWatch;
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
  private final StoreWatch watch;
  private final AtomicBoolean started = new AtomicBoolean();

  @Inject
  StartCheck(StoreWatch watch) {
    this.watch = watch;
  }

  @Override
  public HealthCheckResponse call() {
    if (!started.get() && watch.state("postgresql").reachable()) {
      started.set(true);
    }
    return HealthCheckResponse.named("start").status(started.get()).build();
  }
}
