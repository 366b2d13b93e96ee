package io.kailash.taxonomy;

import io.kailash.platform.Periodic;
import io.kailash.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Has the taxonomies in memory when the service starts and keeps them fresh. */
@Singleton
class TaxonomyStart {
  private final Taxonomies taxonomies;
  private final TaxonomySettings settings;
  private final Periodic periodic;

  @Inject
  TaxonomyStart(Taxonomies taxonomies, Settings settings, Periodic periodic) {
    this.taxonomies = taxonomies;
    this.settings = TaxonomySettings.read(settings);
    this.periodic = periodic;
  }

  void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
    periodic.every(settings.refresh(), "refresh of taxonomies", taxonomies::refresh);
  }
}
