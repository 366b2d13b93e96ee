package io.kailash.classification;

import io.kailash.platform.Periodic;
import io.kailash.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Reads the active models when the service starts, keeps them fresh, and starts the log. The
 * classifier is made here too: its counters stand at nought before the first question.
 */
@Singleton
class ClassificationStart {
  private static final Duration BETWEEN_CLEANINGS = Duration.ofMinutes(10);
  private static final Duration BETWEEN_LOOKS_FOR_NEW_CATEGORIES = Duration.ofSeconds(2);
  private static final Duration BETWEEN_LOOKS_FOR_A_FIRST_MODEL = Duration.ofSeconds(2);

  @Produces
  @Singleton
  ClassificationSettings settings(Settings settings) {
    return ClassificationSettings.read(settings);
  }

  static void start(
      @Observes @Initialized(ApplicationScoped.class) Object event,
      ClassificationSettings settings,
      ActiveModels models,
      Classifier classifier,
      DecisionLog log,
      FirstModel first,
      CategoryVectors categories,
      Periodic periodic) {
    models.refresh();
    log.start();
    periodic.every(settings.modelRefresh(), "refresh of active models", models::refresh);
    periodic.every(BETWEEN_CLEANINGS, "removal of old decisions", log::removeOld);
    periodic.every(
        BETWEEN_LOOKS_FOR_NEW_CATEGORIES, "preparation for suggestions", categories::fill);
    periodic.every(
        BETWEEN_LOOKS_FOR_A_FIRST_MODEL, "look for taxonomies without a model", first::look);
  }
}
