package io.kailash.catalog;

import io.kailash.platform.Periodic;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/** What the catalog does by itself while the service runs. */
@Singleton
class CatalogStart {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private final ItemWords words;

  @Inject
  CatalogStart(ItemWords words) {
    this.words = words;
  }

  void start(@Observes @Initialized(ApplicationScoped.class) Object event, Periodic periodic) {
    periodic.every(BETWEEN_LOOKS, "words of uploaded items", words::gather);
  }
}
