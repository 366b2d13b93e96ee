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

  /**
   * Stores the vector of a text as that of an item in the version it now has; does nothing where
   * vectors are inside.
   */
  public static void put(String sku, String text) {
    // 1 for one that is not in the catalog.
    long version =
        RunningService.get().get("/api/v1/items/" + sku).json().path("version").asLong(1);
    Embeddings embeddings = new Embeddings(SETTINGS);
    try {
      chroma()
          .ifPresent(
              store ->
                  store.upsert(
                      VectorStore.ITEMS,
                      List.of(new VectorStore.Entry(sku, embeddings.of(text), version))));
    } finally {
      embeddings.close();
    }
  }

  /** Removes the vector of an item that is not in the catalog. */
  public static void remove(String sku) {
    chroma().ifPresent(store -> store.remove(VectorStore.ITEMS, List.of(sku)));
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
