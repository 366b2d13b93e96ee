package io.kailash.classification;

import io.kailash.catalog.LabelledItems;
import io.kailash.jobs.Jobs;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Trains the first model of a taxonomy as soon as it has labels worth it, so that nobody has to ask
 * for it. Later models are trained when somebody does.
 */
@Singleton
class FirstModel {
  /** Fewer labels make a model nobody would want. */
  private static final long ENOUGH = 100;

  private final Taxonomies taxonomies;
  private final LabelledItems items;
  private final ModelRegistry registry;
  private final Jobs jobs;
  private final Set<Long> settled = ConcurrentHashMap.newKeySet();

  @Inject
  FirstModel(Taxonomies taxonomies, LabelledItems items, ModelRegistry registry, Jobs jobs) {
    this.taxonomies = taxonomies;
    this.items = items;
    this.registry = registry;
    this.jobs = jobs;
  }

  /** Looks once at every taxonomy that had no model at the last look. */
  void look() {
    for (Taxonomy taxonomy : taxonomies.all()) {
      if (settled.contains(taxonomy.id())) {
        continue;
      }
      if (registry.hasModels(taxonomy.id())) {
        settled.add(taxonomy.id());
      } else if (items.count(taxonomy.id()) >= ENOUGH) {
        jobs.submit(Training.KIND, taxonomy.code(), new Training.Order(true), "first model");
        settled.add(taxonomy.id());
      }
    }
  }
}
