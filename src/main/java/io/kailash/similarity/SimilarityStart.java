package io.kailash.similarity;

import io.kailash.platform.OutgoingHttp;
import io.kailash.platform.Periodic;
import io.kailash.platform.Settings;
import io.kailash.platform.StoreTimings;
import io.kailash.platform.StoreWatch;
import io.kailash.platform.VectorSettings;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Makes the vector store that the settings choose. Waits for nothing. */
@Singleton
class SimilarityStart {
  private final SimilaritySettings settings;
  private final VectorStore store;

  @Inject
  SimilarityStart(
      Settings all,
      VectorSettings chosen,
      OutgoingHttp http,
      StoreTimings timings,
      StoreWatch watch) {
    settings = SimilaritySettings.read(all);
    store =
        switch (chosen.store()) {
          case CHROMA ->
              new ChromaStore(
                  http,
                  chosen.chroma().orElseThrow(),
                  settings,
                  timings::time,
                  () -> watch.state(ChromaStore.STORE).reachable());
          case LUCENE -> new LuceneStore(settings, timings::time);
        };
  }

  @Produces
  @Singleton
  VectorStore store() {
    return store;
  }

  void start(@Observes @Initialized(ApplicationScoped.class) Object event, Periodic periodic) {
    if (store instanceof LuceneStore lucene) {
      periodic.every(settings.commitEvery(), "commit of the vectors", lucene::commit);
    }
  }

  @PreDestroy
  void stop() {
    if (store instanceof LuceneStore lucene) {
      lucene.close();
    }
  }
}
