package io.kailash.transfer.batch;

import io.kailash.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Reads the settings when the service starts, so that a wrong one stops it. */
@Singleton
class BatchStart {
  @Produces
  @Singleton
  BatchSettings settings(Settings settings) {
    return BatchSettings.read(settings);
  }

  static void start(
      @Observes @Initialized(ApplicationScoped.class) Object event, BatchClassifier classifier) {
    // The threads and figures of batches are made before the first batch comes.
    classifier.workers();
  }
}
