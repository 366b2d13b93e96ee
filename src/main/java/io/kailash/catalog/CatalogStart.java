package io.kailash.catalog;

import io.kailash.platform.Periodic;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.logging.Logger;

/**
 * What the catalog does by itself while the service runs. The sample is loaded beside the first
 * requests: nobody has to wait for it who does not ask for it.
 */
@Singleton
class CatalogStart {
  private static final Logger LOG = Logger.getLogger(CatalogStart.class.getName());
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

  private final ItemWords words;
  private final StarterCatalog starter;
  private final Event<SampleInPlace> inPlace;

  @Inject
  CatalogStart(ItemWords words, StarterCatalog starter, Event<SampleInPlace> inPlace) {
    this.words = words;
    this.starter = starter;
    this.inPlace = inPlace;
  }

  void start(@Observes @Initialized(ApplicationScoped.class) Object event, Periodic periodic) {
    periodic.every(BETWEEN_LOOKS, "words of uploaded items", words::gather);
    if (starter.wanted()) {
      periodic.once(
          BETWEEN_TRIES,
          "loading of the sample catalog",
          () -> {
            starter.load();
            inPlace.fire(new SampleInPlace());
            LOG.info("the sample is in place");
          });
    }
  }
}
