package io.kailash.access;

import io.kailash.platform.Periodic;
import io.kailash.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Reads the keys when the service starts and keeps them fresh. */
@Singleton
class AccessStart {
  private final ApiKeys keys;
  private final Settings settings;
  private final Periodic periodic;

  @Inject
  AccessStart(ApiKeys keys, Settings settings, Periodic periodic) {
    this.keys = keys;
    this.settings = settings;
    this.periodic = periodic;
  }

  void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
    keys.refresh();
    if (!keys.hasAdministrator()) {
      settings.optional("kailash.access.bootstrap-key").ifPresent(this::admitFirst);
    }
    periodic.every(
        settings.duration("kailash.access.refresh", Duration.ofSeconds(5)),
        "refresh of API keys",
        keys::refresh);
  }

  private void admitFirst(String key) {
    keys.admitFirst(key);
    keys.refresh();
  }
}
