package io.kailash.recommendation.sources;

import io.kailash.recommendation.model.WeightedItem;
import io.kailash.recommendation.sources.Found.Why;
import io.kailash.similarity.VectorStore;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Items whose text is similar to that of items, by the vector store. */
@Singleton
public class TextSource {
  private static final int MOST_ITEMS = 5;
  private static final int PER_ITEM = 50;
  private static final int KEPT_ITEMS = 50_000;

  /** Texts that are less alike than this have nothing in common. */
  private static final double LEAST = 0.3;

  private final VectorStore store;
  private final Neighbours neighbours = new Neighbours(KEPT_ITEMS);

  @Inject
  TextSource(VectorStore store) {
    this.store = store;
  }

  /**
   * What is similar to the first {@value #MOST_ITEMS} items of a history.
   *
   * @return best first
   */
  public List<Found> candidates(List<WeightedItem> history, int limit) throws Exception {
    return neighbours.of(first(history), limit, this::ask);
  }

  /** The same from memory alone; empty where something is missing there. */
  public Optional<List<Found>> known(List<WeightedItem> history, int limit) {
    return neighbours.known(first(history), limit);
  }

  private static List<WeightedItem> first(List<WeightedItem> history) {
    return history.subList(0, Math.min(MOST_ITEMS, history.size()));
  }

  private Map<String, List<Found>> ask(List<String> skus) {
    Map<String, List<Found>> found = new HashMap<>();
    for (String sku : skus) {
      store
          .similar(VectorStore.ITEMS, sku, PER_ITEM, Set.of())
          .ifPresent(
              neighbours ->
                  found.put(
                      sku,
                      neighbours.stream()
                          .filter(neighbour -> neighbour.similarity() >= LEAST)
                          .map(n -> new Found(n.id(), n.similarity(), sku, Why.SIMILAR))
                          .toList()));
    }
    return found;
  }
}
