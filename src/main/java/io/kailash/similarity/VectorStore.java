package io.kailash.similarity;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Keeps vectors under names and finds the nearest ones by the cosine of the angle between them.
 * What is stored here is derived and may be lost; it is rebuilt from what holds the truth.
 *
 * <p>Vectors have length 1, as {@link Embeddings} makes them, and in one collection all have as
 * many dimensions as the first. What an upsert or a removal did is seen by every call that begins
 * after it returned. A collection that nobody has written to is empty, not missing.
 *
 * <p>The collections' names are made of {@code a-z}, {@code 0-9} and {@code -}, 3 to 100
 * characters, beginning and ending with a letter or digit. Every method throws {@link
 * VectorStoreDown} where the store cannot be reached or does not answer in time, and {@link
 * IllegalArgumentException} for a vector that is not of length 1 or has other dimensions than the
 * collection's. Safe for use by many threads.
 */
public interface VectorStore {
  /** The collection of items; ids are skus, versions are the items' versions. */
  String ITEMS = "items";

  /** The collection of a taxonomy's categories; ids are their codes. */
  static String categories(String taxonomy) {
    return "categories-" + taxonomy;
  }

  /**
   * One vector under its name.
   *
   * @param vector of length 1; kept, not copied
   * @param version of what it was made from
   */
  record Entry(String id, float[] vector, long version) {
    public Entry {
      if (id.isEmpty()) {
        throw new IllegalArgumentException("an entry has no id");
      }
      requireLengthOne(vector);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Entry entry
          && id.equals(entry.id)
          && version == entry.version
          && Arrays.equals(vector, entry.vector);
    }

    @Override
    public int hashCode() {
      return Objects.hash(id, version);
    }

    @Override
    public String toString() {
      return id + " in version " + version + ", " + vector.length + " dimensions";
    }
  }

  /**
   * A vector that is near.
   *
   * @param similarity cosine, from -1 to 1; 1 is the same direction
   */
  record Neighbour(String id, double similarity) {}

  /**
   * Adds entries or replaces those with the same ids, whatever their versions. A repeated id counts
   * as its last entry says. Not all or nothing: after a failure some may be stored, and doing it
   * again does no harm.
   */
  void upsert(String collection, List<Entry> entries);

  /** Removes entries; an id that is not there does not matter. */
  void remove(String collection, Collection<String> ids);

  /**
   * The nearest entries, best first. The search is approximate: it may miss a few.
   *
   * @param limit how many, at least 1
   * @param except ids that are left out
   */
  List<Neighbour> nearest(String collection, float[] vector, int limit, Set<String> except);

  /**
   * The nearest entries to one that is stored, without itself, best first.
   *
   * @return empty where there is no entry with this id
   */
  Optional<List<Neighbour>> similar(String collection, String id, int limit, Set<String> except);

  /**
   * The nearest entries to each of many that are stored.
   *
   * @return by id; one that is not stored is left out
   */
  default Map<String, List<Neighbour>> similar(
      String collection, Collection<String> ids, int limit) {
    Map<String, List<Neighbour>> found = new HashMap<>();
    for (String id : ids) {
      similar(collection, id, limit, Set.of()).ifPresent(nearest -> found.put(id, nearest));
    }
    return found;
  }

  /** The vector of one entry, if it is there. */
  Optional<float[]> vector(String collection, String id);

  /** How many entries there are. */
  long count(String collection);

  /**
   * Tells id and version of every entry, in no order. What changes meanwhile may or may not be told
   * as it then is.
   */
  void forEach(String collection, BiConsumer<String, Long> idAndVersion);

  /** Removes every entry; vectors of other dimensions may come after it. */
  void clear(String collection);

  /** Refuses a vector whose length is not 1, within what adding 32-bit numbers may miss. */
  static float[] requireLengthOne(float[] vector) {
    double squares = 0;
    for (float part : vector) {
      squares += (double) part * part;
    }
    if (!(Math.abs(squares - 1) < 1e-3)) {
      throw new IllegalArgumentException(
          "the square of a vector's length is " + squares + ", not 1");
    }
    return vector;
  }
}
