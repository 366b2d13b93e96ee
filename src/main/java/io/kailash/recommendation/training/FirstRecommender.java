package io.kailash.recommendation.training;

import io.kailash.jobs.Jobs;
import io.kailash.recommendation.Interactions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Trains the first model as soon as there are interactions worth it and no other work is under way:
 * without it answers come from the other sources, and somebody may be waiting for that work.
 */
@Singleton
public class FirstRecommender {
  /** Fewer make a model nobody would want. */
  private static final long ENOUGH = 1_000;

  private final Interactions interactions;
  private final RecommenderRegistry registry;
  private final Jobs jobs;
  private volatile boolean settled;

  @Inject
  FirstRecommender(Interactions interactions, RecommenderRegistry registry, Jobs jobs) {
    this.interactions = interactions;
    this.registry = registry;
    this.jobs = jobs;
  }

  /** Looks once, unless there was a model at the last look. */
  public void look() {
    if (settled) {
      return;
    }
    if (!registry.isEmpty()) {
      settled = true;
    } else if (!jobs.anyUnderWay() && interactions.count(ENOUGH) >= ENOUGH) {
      jobs.submit(
          RecommenderTraining.KIND,
          RecommenderTraining.SUBJECT,
          new RecommenderTraining.Order(true),
          "first model");
      settled = true;
    }
  }
}
