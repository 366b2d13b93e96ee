package io.kailash.catalog;

import io.kailash.platform.ProblemException;
import io.kailash.similarity.Embeddings;
import io.kailash.similarity.VectorStore;
import io.kailash.similarity.VectorStore.Neighbour;
import io.kailash.similarity.VectorStoreDown;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Finds items by what they mean instead of by their words. Which ones are near comes from the
 * vector store, which follows the catalog with a short delay; what they are comes from the catalog,
 * so that nothing that was deleted or hidden is shown.
 */
@Singleton
class SearchByMeaning {
  private static final Logger LOG = Logger.getLogger(SearchByMeaning.class.getName());
  private static final int RETRY_AFTER_SECONDS = 5;

  /** Asked for beyond what is wanted, for those that turn out to be deleted or hidden. */
  private static final int SPARE = 20;

  /** So that a catalog of hidden items is not read to its end. */
  private static final int MAX_CANDIDATES = 8000;

  private final Embeddings embeddings;
  private final VectorStore vectors;
  private final CatalogDatabase database;
  private final Items items;

  @Inject
  SearchByMeaning(
      Embeddings embeddings, VectorStore vectors, CatalogDatabase database, Items items) {
    this.embeddings = embeddings;
    this.vectors = vectors;
    this.database = database;
    this.items = items;
  }

  /**
   * Items near the meaning of a text, nearest first.
   *
   * @throws ProblemException 503 while vectors cannot be had
   */
  List<SimilarItem> of(String text, int limit) {
    return whileUp(
        () -> {
          float[] vector = embeddings.of(text);
          return found(
              limit, wanted -> vectors.nearest(VectorStore.ITEMS, vector, wanted, Set.of()));
        });
  }

  /**
   * Items near an item, nearest first, without itself.
   *
   * @throws ProblemException 404 where there is no such item; 503 while vectors cannot be had
   */
  List<SimilarItem> similarTo(String sku, int limit) {
    Item item = items.find(sku).orElseThrow(() -> ProblemException.notFound("item", sku));
    return whileUp(
        () ->
            found(
                limit,
                wanted -> {
                  Optional<List<Neighbour>> near =
                      vectors.similar(VectorStore.ITEMS, sku, wanted, Set.of());
                  // Not there yet: it was added a moment ago.
                  return near.orElseGet(
                      () ->
                          vectors.nearest(
                              VectorStore.ITEMS,
                              embeddings.of(Embeddings.itemText(item.title(), item.brand())),
                              wanted,
                              Set.of(sku)));
                }));
  }

  private interface Search {
    List<SimilarItem> run();
  }

  private static List<SimilarItem> whileUp(Search search) {
    try {
      return search.run();
    } catch (VectorStoreDown down) {
      // The loss itself is logged by whoever watches the store.
      LOG.log(Level.FINE, "no search by meaning", down);
      throw ProblemException.unavailable(
          "search by meaning is not possible at present: " + down.getMessage(),
          RETRY_AFTER_SECONDS);
    }
  }

  private List<SimilarItem> found(int limit, IntFunction<List<Neighbour>> nearest) {
    int wanted = limit + SPARE;
    while (true) {
      List<Neighbour> near = nearest.apply(wanted);
      List<SimilarItem> shown = shown(near, limit);
      if (shown.size() == limit || near.size() < wanted || wanted >= MAX_CANDIDATES) {
        return shown;
      }
      wanted = Math.min(MAX_CANDIDATES, wanted * 4);
    }
  }

  private List<SimilarItem> shown(List<Neighbour> near, int limit) {
    Map<String, Item> visible = new HashMap<>();
    database
        .all(
            "select "
                + ItemRows.COLUMNS
                + " from item i where i.sku = any (?) and i.deleted_at is null and not i.hidden",
            ItemRows::item,
            (Object) near.stream().map(Neighbour::id).toArray(String[]::new))
        .forEach(item -> visible.put(item.sku(), item));
    List<SimilarItem> shown = new ArrayList<>();
    for (Neighbour neighbour : near) {
      Item item = visible.get(neighbour.id());
      if (item != null && shown.size() < limit) {
        shown.add(new SimilarItem(item, neighbour.similarity()));
      }
    }
    return shown;
  }
}
