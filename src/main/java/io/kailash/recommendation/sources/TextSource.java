package io.kailash.recommendation.sources;

import io.kailash.recommendation.model.WeightedItem;
import io.kailash.recommendation.sources.Found.Why;
import io.kailash.similarity.VectorStore;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Items whose text is similar to that of items, by the vector store. */
@Singleton
public class TextSource implements NeighbourSource {
  private static final int MOST_ITEMS = 5;
  private static final int PER_ITEM = 50;

  /** Texts that are less alike than this have nothing in common. */
  private static final double LEAST = 0.3;

  private final VectorStore store;
  private final long timeoutNanos;
  private final Neighbours neighbours;

  @Inject
  TextSource(VectorStore store, Guards guards) {
    this.store = store;
    timeoutNanos = guards.timeout().toNanos();
    neighbours =
        new Neighbours(guards.neighbourBytes(), guards.of("text"), System::nanoTime, this::ask);
  }

  @Override
  public Looking around(List<WeightedItem> strongestFirst) {
    return neighbours.around(strongestFirst, MOST_ITEMS, true, timeoutNanos);
  }

  @Override
  public void changed(Collection<String> skus) {
    neighbours.changed(skus);
  }

  @Override
  public boolean isFull() {
    return neighbours.isFull();
  }

  @Override
  public void prepare(List<String> skus) {
    neighbours.prepare(skus, timeoutNanos);
  }

  private Map<String, List<Found>> ask(List<String> skus) {
    Map<String, List<Found>> found = new HashMap<>();
    store
        .similar(VectorStore.ITEMS, skus, PER_ITEM)
        .forEach(
            (sku, neighbours) ->
                found.put(
                    sku,
                    neighbours.stream()
                        .filter(neighbour -> neighbour.similarity() >= LEAST)
                        .map(n -> new Found(n.id(), n.similarity(), sku, Why.SIMILAR))
                        .toList()));
    return found;
  }
}
