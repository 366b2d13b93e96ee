package io.kailash.classification;

import io.kailash.platform.ProblemException;
import io.kailash.similarity.Embeddings;
import io.kailash.similarity.VectorStore;
import io.kailash.similarity.VectorStore.Entry;
import io.kailash.similarity.VectorStore.Neighbour;
import io.kailash.similarity.VectorStoreDown;
import io.kailash.taxonomy.Category;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Compares what an item is called with what categories are called. That needs no labels and knows
 * nothing of how sure it is: what it finds are suggestions, not decisions.
 *
 * <p>The leaves of every taxonomy's active version are kept in a collection of their own, which is
 * filled in the background; an entry's version is a hash of the path it was made from, so that a
 * new version of the taxonomy, a second instance, or this one after a restart embeds only what is
 * new.
 */
@Singleton
class CategoryVectors {
  private static final Logger LOG = Logger.getLogger(CategoryVectors.class.getName());
  private static final int RETRY_AFTER_SECONDS = 5;
  private static final int AT_ONCE = 200;

  private final Taxonomies taxonomies;
  private final Embeddings embeddings;
  private final VectorStore vectors;

  /** Digest of the version whose leaves are all stored, by the taxonomy's code. */
  private final Map<String, String> filled = new ConcurrentHashMap<>();

  @Inject
  CategoryVectors(Taxonomies taxonomies, Embeddings embeddings, VectorStore vectors) {
    this.taxonomies = taxonomies;
    this.embeddings = embeddings;
    this.vectors = vectors;
  }

  /**
   * A category whose path is near an item's text.
   *
   * @param similarity cosine, at most 1; no probability
   */
  record Suggestion(Category category, double similarity) {}

  /**
   * The leaves whose paths are nearest to a text, nearest first.
   *
   * @throws ProblemException 503 while vectors cannot be had, or the taxonomy's are being made
   */
  List<Suggestion> nearest(Taxonomy taxonomy, String text, int limit) {
    if (!taxonomy.digest().equals(filled.get(taxonomy.code()))) {
      throw preparing(taxonomy);
    }
    try {
      List<Suggestion> suggestions = new ArrayList<>();
      for (Neighbour neighbour :
          vectors.nearest(
              VectorStore.categories(taxonomy.code()), embeddings.of(text), limit, Set.of())) {
        taxonomy
            .categories()
            .find(neighbour.id())
            .ifPresent(
                category -> suggestions.add(new Suggestion(category, neighbour.similarity())));
      }
      if (suggestions.isEmpty()) {
        // Every taxonomy has a leaf, so somebody has emptied the store.
        filled.remove(taxonomy.code());
        throw preparing(taxonomy);
      }
      return suggestions;
    } catch (VectorStoreDown down) {
      // The loss itself is logged by whoever watches the store.
      LOG.log(Level.FINE, "no suggestions", down);
      throw ProblemException.unavailable(
          "suggestions are not possible at present: " + down.getMessage(), RETRY_AFTER_SECONDS);
    }
  }

  private static ProblemException preparing(Taxonomy taxonomy) {
    return ProblemException.unavailable(
        "the categories of '" + taxonomy.code() + "' are being prepared for suggestions",
        RETRY_AFTER_SECONDS);
  }

  /** Stores what is missing of every active version, and removes what is not of it. */
  void fill() {
    Set<String> gone = new HashSet<>(filled.keySet());
    try {
      for (Taxonomy taxonomy : taxonomies.all()) {
        gone.remove(taxonomy.code());
        if (!taxonomy.digest().equals(filled.get(taxonomy.code()))) {
          fill(taxonomy);
          filled.put(taxonomy.code(), taxonomy.digest());
        }
      }
      for (String code : gone) {
        vectors.clear(VectorStore.categories(code));
        filled.remove(code);
      }
    } catch (VectorStoreDown down) {
      LOG.log(Level.FINE, "categories are stored later", down);
    }
  }

  private void fill(Taxonomy taxonomy) {
    String collection = VectorStore.categories(taxonomy.code());
    Map<String, Long> stored = new HashMap<>();
    vectors.forEach(collection, stored::put);
    List<Entry> missing = new ArrayList<>();
    int added = 0;
    for (Category category : taxonomy.categories().all()) {
      if (!category.leaf()) {
        continue;
      }
      String text = Embeddings.categoryText(category.path());
      Long version = stored.remove(category.code());
      if (version == null || version != hash(text)) {
        missing.add(new Entry(category.code(), embeddings.of(text), hash(text)));
        added++;
      }
      if (missing.size() == AT_ONCE) {
        vectors.upsert(collection, missing);
        missing = new ArrayList<>();
      }
    }
    vectors.upsert(collection, missing);
    vectors.remove(collection, stored.keySet());
    LOG.log(
        Level.INFO,
        "version {0} of taxonomy {1} is ready for suggestions; {2} categories were embedded",
        new Object[] {taxonomy.version(), taxonomy.code(), added});
  }

  /** FNV-1a over UTF-16 units, without the sign. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash & Long.MAX_VALUE;
  }
}
