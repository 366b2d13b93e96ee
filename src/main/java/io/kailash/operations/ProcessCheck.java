package io.kailash.operations;

import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * The process answers, so it lives. No store is asked: a restart of this process would bring none
 * of them back.
 */
@Liveness
@Singleton
public class ProcessCheck implements HealthCheck {
  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("process")
        .up()
        .withData("uptime_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000)
        .build();
  }
}
