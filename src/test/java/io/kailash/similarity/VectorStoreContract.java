package io.kailash.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kailash.similarity.VectorStore.Entry;
import io.kailash.similarity.VectorStore.Neighbour;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every vector store promises. */
abstract class VectorStoreContract {
  private static final AtomicInteger COLLECTIONS = new AtomicInteger();

  /** The operations that were timed, as {@code store/operation}. */
  final Set<String> timed = new HashSet<>();

  final Timings timings =
      new Timings() {
        @Override
        public <T> T time(String store, String operation, Callable<T> work) throws Exception {
          synchronized (timed) {
            timed.add(store + "/" + operation);
          }
          return work.call();
        }
      };

  VectorStore store;
  String collection;

  /** A store that times its operations with {@link #timings}. */
  abstract VectorStore open() throws Exception;

  /** Under which name it times them. */
  abstract String name();

  @BeforeEach
  void openOne() throws Exception {
    store = open();
    collection = "contract-" + COLLECTIONS.incrementAndGet() + "-" + System.nanoTime();
  }

  @AfterEach
  void clearIt() throws Exception {
    store.clear(collection);
    if (store instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  static float[] direction(double... parts) {
    double squares = 0;
    for (double part : parts) {
      squares += part * part;
    }
    float[] vector = new float[parts.length];
    for (int i = 0; i < parts.length; i++) {
      vector[i] = (float) (parts[i] / Math.sqrt(squares));
    }
    return vector;
  }

  static float[] random(Random chance, int dimensions) {
    double[] parts = new double[dimensions];
    for (int i = 0; i < dimensions; i++) {
      parts[i] = chance.nextGaussian();
    }
    return direction(parts);
  }

  private void upsert(String id, long version, double... parts) {
    store.upsert(collection, List.of(new Entry(id, direction(parts), version)));
  }

  private Map<String, Long> all() {
    Map<String, Long> all = new HashMap<>();
    store.forEach(collection, (id, version) -> assertThat(all.put(id, version)).isNull());
    return all;
  }

  private static List<String> ids(List<Neighbour> neighbours) {
    return neighbours.stream().map(Neighbour::id).toList();
  }

  @Test
  void whatNobodyWroteToIsEmpty() {
    assertThat(store.count(collection)).isZero();
    assertThat(store.nearest(collection, direction(1, 0), 5, Set.of())).isEmpty();
    assertThat(store.vector(collection, "a")).isEmpty();
    assertThat(store.similar(collection, "a", 5, Set.of())).isEmpty();
    assertThat(all()).isEmpty();
    store.remove(collection, List.of("a"));
    store.remove(collection, List.of());
    store.upsert(collection, List.of());
    store.clear(collection);
    assertThat(store.count(collection)).isZero();
  }

  @Test
  void theNearestComesFirstWithTheCosineOfItsAngle() {
    upsert("east", 1, 1, 0, 0);
    upsert("north-east", 1, 1, 1, 0);
    upsert("north", 1, 0, 1, 0);
    upsert("west", 1, -1, 0, 0);
    List<Neighbour> found = store.nearest(collection, direction(1, 0, 0), 4, Set.of());
    assertThat(ids(found)).containsExactly("east", "north-east", "north", "west");
    assertThat(found.get(0).similarity()).isCloseTo(1, within(1e-4));
    assertThat(found.get(1).similarity()).isCloseTo(Math.sqrt(0.5), within(1e-4));
    assertThat(found.get(2).similarity()).isCloseTo(0, within(1e-4));
    assertThat(found.get(3).similarity()).isCloseTo(-1, within(1e-4));
  }

  @Test
  void onlyAsManyAsAskedComeAndNoneThatIsExcepted() {
    for (int i = 0; i < 20; i++) {
      upsert("i" + i, 1, 1, i / 10.0);
    }
    assertThat(ids(store.nearest(collection, direction(1, 0), 3, Set.of())))
        .containsExactly("i0", "i1", "i2");
    assertThat(ids(store.nearest(collection, direction(1, 0), 3, Set.of("i0", "i2", "no-such"))))
        .containsExactly("i1", "i3", "i4");
    assertThat(store.nearest(collection, direction(1, 0), 100, Set.of())).hasSize(20);
  }

  @Test
  void whatIsSimilarToAnEntryComesWithoutItself() {
    upsert("a", 1, 1, 0);
    upsert("b", 1, 1, 0.1);
    upsert("c", 1, 1, 0.2);
    assertThat(store.similar(collection, "b", 5, Set.of()))
        .hasValueSatisfying(found -> assertThat(ids(found)).containsExactly("c", "a"));
    assertThat(store.similar(collection, "b", 5, Set.of("c")))
        .hasValueSatisfying(found -> assertThat(ids(found)).containsExactly("a"));
    assertThat(store.similar(collection, "d", 5, Set.of())).isEmpty();
    assertThat(store.similar(collection, List.of("b", "d", "a"), 2))
        .isEqualTo(
            Map.of(
                "a", store.similar(collection, "a", 2, Set.of()).orElseThrow(),
                "b", store.similar(collection, "b", 2, Set.of()).orElseThrow()));
    assertThat(store.similar(collection, List.of("d"), 2)).isEmpty();
  }

  @Test
  void anUpsertReplacesAndARemovalRemovesAtOnce() {
    upsert("a", 1, 1, 0);
    upsert("b", 1, 0, 1);
    upsert("a", 7, -1, 0);
    assertThat(all()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 7L, "b", 1L));
    assertThat(ids(store.nearest(collection, direction(1, 0), 2, Set.of())))
        .containsExactly("b", "a");
    store.remove(collection, List.of("b", "no-such"));
    assertThat(store.count(collection)).isEqualTo(1);
    assertThat(ids(store.nearest(collection, direction(1, 0), 2, Set.of()))).containsExactly("a");
    assertThat(store.vector(collection, "b")).isEmpty();
    assertThat(all()).containsOnlyKeys("a");
  }

  @Test
  void anOlderVersionReplacesToo() {
    upsert("a", 5, 1, 0);
    upsert("a", 3, 0, 1);
    assertThat(all()).isEqualTo(Map.of("a", 3L));
  }

  @Test
  void theLastOfARepeatedIdCounts() {
    store.upsert(
        collection,
        List.of(
            new Entry("a", direction(1, 0), 1),
            new Entry("b", direction(1, 0), 1),
            new Entry("a", direction(0, 1), 2)));
    assertThat(all()).isEqualTo(Map.of("a", 2L, "b", 1L));
    assertThat(store.vector(collection, "a"))
        .hasValueSatisfying(vector -> assertThat(vector[1]).isCloseTo(1f, within(1e-5f)));
  }

  @Test
  void aVectorComesBackAsItWas() {
    float[] vector = random(new Random(3), 384);
    store.upsert(collection, List.of(new Entry("a", vector, 1)));
    assertThat(store.vector(collection, "a"))
        .hasValueSatisfying(back -> assertThat(back).containsExactly(vector, within(1e-6f)));
  }

  @Test
  void anyTextIsAnIdAndAnyNumberAVersion() {
    List<String> ids =
        List.of("a b", "ä/\\\"'", "充電", "😀", "x".repeat(256), "%", "*", "a\nb", "-1", ":");
    long version = Long.MAX_VALUE / 3;
    for (String id : ids) {
      store.upsert(collection, List.of(new Entry(id, direction(1, 0), version)));
    }
    assertThat(all()).hasSize(ids.size()).containsOnlyKeys(ids).containsValue(version);
    store.remove(collection, ids.subList(0, 9));
    assertThat(all()).containsOnlyKeys(":");
  }

  @Test
  void collectionsAreApart() {
    String other = collection + "-other";
    upsert("a", 1, 1, 0);
    store.upsert(other, List.of(new Entry("b", direction(1, 0, 0), 1)));
    assertThat(all()).containsOnlyKeys("a");
    store.clear(other);
    assertThat(store.count(other)).isZero();
    assertThat(store.count(collection)).isEqualTo(1);
  }

  @Test
  void afterClearingVectorsMayHaveOtherDimensions() {
    upsert("a", 1, 1, 0);
    store.clear(collection);
    assertThat(all()).isEmpty();
    upsert("b", 1, 1, 0, 0);
    assertThat(ids(store.nearest(collection, direction(1, 0, 0), 5, Set.of())))
        .containsExactly("b");
  }

  @Test
  void vectorsOfOtherLengthOrDimensionsAreRefused() {
    upsert("a", 1, 1, 0);
    assertThatThrownBy(() -> upsert("b", 1, 1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.nearest(collection, direction(1, 0, 0), 1, Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.nearest(collection, new float[] {1, 1}, 1, Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Entry("b", new float[] {0, 0}, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Entry("b", new float[] {Float.NaN, 0}, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(all()).containsOnlyKeys("a");
  }

  @Test
  void aNameThatIsNoCollectionsIsRefused() {
    for (String name : List.of("../x", "A", "", "a", "x/y", "-ab", "a b c")) {
      assertThatThrownBy(() -> store.count(name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void moreRowsThanOneCallHoldsAreStoredToldAndRemoved() {
    Random chance = new Random(11);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      entries.add(new Entry("i" + i, random(chance, 8), i));
    }
    store.upsert(collection, entries);
    assertThat(store.count(collection)).isEqualTo(6000);
    Map<String, Long> all = all();
    assertThat(all).hasSize(6000).containsEntry("i5999", 5999L).containsEntry("i0", 0L);
    store.remove(collection, entries.subList(0, 5990).stream().map(Entry::id).toList());
    assertThat(all()).hasSize(10);
  }

  @Test
  void nineOfTenTrueNeighboursAreFound() {
    Random chance = new Random(5);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      entries.add(new Entry("i" + i, random(chance, 32), 1));
    }
    store.upsert(collection, entries);
    int found = 0;
    for (int i = 0; i < 50; i++) {
      float[] query = random(chance, 32);
      Set<String> exact = new TreeSet<>(ExactSearch.nearest(entries, query, 10));
      exact.retainAll(ids(store.nearest(collection, query, 10, Set.of())));
      found += exact.size();
    }
    assertThat(found).isGreaterThanOrEqualTo(450);
  }

  /**
   * What several threads write at once is all there, and found at once; an index that is
   * approximate may miss one of them.
   */
  @Test
  void threadsSeeWhatTheyHaveWritten() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    int found = 0;
    try {
      List<Future<Integer>> running = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int thread = t;
        running.add(
            threads.submit(
                () -> {
                  Random chance = new Random(thread);
                  int seen = 0;
                  for (int i = 0; i < 25; i++) {
                    String id = "t" + thread + "-" + i;
                    float[] vector = random(chance, 16);
                    store.upsert(collection, List.of(new Entry(id, vector, 1)));
                    seen +=
                        ids(store.nearest(collection, vector, 3, Set.of())).contains(id) ? 1 : 0;
                  }
                  return seen;
                }));
      }
      for (Future<Integer> one : running) {
        found += one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(found).isGreaterThanOrEqualTo(98);
    assertThat(store.count(collection)).isEqualTo(100);
  }

  @Test
  void everyKindOfOperationIsTimed() {
    upsert("a", 1, 1, 0);
    store.nearest(collection, direction(1, 0), 1, Set.of());
    store.similar(collection, "a", 1, Set.of());
    store.count(collection);
    assertThat(timed)
        .containsExactlyInAnyOrder(
            name() + "/store", name() + "/search", name() + "/similarity", name() + "/collection");
  }
}
