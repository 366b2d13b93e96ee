package io.kailash.similarity;

import io.kailash.stack.RunningService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;

/**
 * The vectors of items in the running service, written past it; for where it keeps them outside.
 */
public final class ServiceVectors {
  private static final SimilaritySettings SETTINGS = LuceneStoreTest.settings(Optional.empty());
  private static final CloseableHttpClient HTTP =
      HttpClients.custom().disableAutomaticRetries().build();

  private ServiceVectors() {}

  /** Stores the vector of a text as that of an item; does nothing where vectors are inside. */
  public static void put(String sku, String text) {
    Embeddings embeddings = new Embeddings(SETTINGS);
    try {
      chroma()
          .ifPresent(
              store ->
                  store.upsert(
                      VectorStore.ITEMS,
                      List.of(new VectorStore.Entry(sku, embeddings.of(text), 1))));
    } finally {
      embeddings.close();
    }
  }

  private static Optional<VectorStore> chroma() {
    Timings untimed =
        new Timings() {
          @Override
          public <T> T time(String store, String operation, Callable<T> work) throws Exception {
            return work.call();
          }
        };
    return RunningService.get()
        .addresses()
        .chroma()
        .map(address -> new ChromaStore(HTTP, address, SETTINGS, untimed, () -> true));
  }
}
