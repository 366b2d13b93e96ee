package io.kailash.similarity;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Keeps vectors and finds neighbours. */
public interface VectorStore {
  /** Collection of the catalog's items. */
  String ITEMS = "items";

  /** A vector under an id. */
  record Entry(String id, float[] vector, long version) {}

  /** A neighbour. */
  record Neighbour(String id, double similarity) {}

  void upsert(String collection, List<Entry> entries);

  void remove(String collection, Collection<String> ids);

  List<Neighbour> nearest(String collection, float[] vector, int limit, Set<String> except);

  Optional<float[]> vector(String collection, String id);

  long count(String collection);

  void forEach(String collection, BiConsumer<String, Long> idAndVersion);

  void clear(String collection);
}
