package io.kailash.similarity;

import io.kailash.similarity.VectorStore.Entry;
import io.kailash.similarity.VectorStore.Neighbour;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;

/**
 * Measures what an embedding costs, and how many of the ten true neighbours each store finds.
 *
 * <p>Arguments: a file of texts, one a line; how many of them to store; the address of a ChromaDB,
 * where that is to be measured, too. Queries are texts of the same file that are not stored.
 */
final class VectorMeasurement {
  private static final int QUERIES = 500;
  private static final int NEIGHBOURS = 10;
  private static final int ENTRIES_PER_CALL = 1000;
  private static final String COLLECTION = "measurement";

  private static final Timings UNTIMED =
      new Timings() {
        @Override
        public <T> T time(String store, String operation, Callable<T> work) throws Exception {
          return work.call();
        }
      };

  private VectorMeasurement() {}

  public static void main(String[] arguments) throws IOException {
    List<String> texts = new ArrayList<>(new HashSet<>(Files.readAllLines(Path.of(arguments[0]))));
    Collections.sort(texts);
    Collections.shuffle(texts, new Random(1));
    int stored = Math.min(Integer.parseInt(arguments[1]), texts.size() - QUERIES);
    SimilaritySettings settings = LuceneStoreTest.settings(Optional.empty());
    Embeddings embeddings = new Embeddings(settings);
    List<Entry> entries = new ArrayList<>();
    List<float[]> queries = new ArrayList<>();
    for (String text : texts.subList(0, QUERIES)) {
      queries.add(embeddings.of(text));
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long cpu = threads.getCurrentThreadCpuTime();
    long clock = System.nanoTime();
    for (int i = 0; i < stored; i++) {
      entries.add(new Entry("i" + i, embeddings.of(texts.get(QUERIES + i)), 1));
    }
    print(
        "embedding: %.2f CPU-ms, %.2f ms a text (%d texts, mean length %.0f)",
        (threads.getCurrentThreadCpuTime() - cpu) / 1e6 / stored,
        (System.nanoTime() - clock) / 1e6 / stored,
        stored,
        texts.stream().mapToInt(String::length).average().orElse(0));
    List<List<String>> exact =
        queries.stream().map(query -> ExactSearch.nearest(entries, query, NEIGHBOURS)).toList();
    try (LuceneStore lucene = new LuceneStore(settings, UNTIMED)) {
      measure("lucene", lucene, entries, queries, exact);
    }
    if (arguments.length > 2) {
      try (CloseableHttpClient http = HttpClients.createDefault()) {
        ChromaStore chroma =
            new ChromaStore(http, URI.create(arguments[2]), settings, UNTIMED, () -> true);
        measure("chroma", chroma, entries, queries, exact);
        chroma.clear(COLLECTION);
      }
    }
    embeddings.close();
  }

  private static void measure(
      String name,
      VectorStore store,
      List<Entry> entries,
      List<float[]> queries,
      List<List<String>> exact) {
    long began = System.nanoTime();
    for (int from = 0; from < entries.size(); from += ENTRIES_PER_CALL) {
      store.upsert(
          COLLECTION, entries.subList(from, Math.min(entries.size(), from + ENTRIES_PER_CALL)));
    }
    print("%s: %d stored in %.1f s", name, entries.size(), (System.nanoTime() - began) / 1e9);
    int found = 0;
    double[] millis = new double[queries.size()];
    for (int round = 0; round < 2; round++) {
      found = 0;
      for (int i = 0; i < queries.size(); i++) {
        long asked = System.nanoTime();
        List<Neighbour> near = store.nearest(COLLECTION, queries.get(i), NEIGHBOURS, Set.of());
        millis[i] = (System.nanoTime() - asked) / 1e6;
        Set<String> both = new HashSet<>(exact.get(i));
        both.retainAll(near.stream().map(Neighbour::id).toList());
        found += both.size();
      }
    }
    Arrays.sort(millis);
    print(
        "%s: recall@%d %.4f over %d queries, p50 %.2f ms, p95 %.2f ms, one at a time",
        name,
        NEIGHBOURS,
        (double) found / NEIGHBOURS / queries.size(),
        queries.size(),
        millis[millis.length / 2],
        millis[(int) (millis.length * 0.95)]);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
