package io.kailash.similarity;

import io.kailash.similarity.VectorStore.Entry;
import java.util.Comparator;
import java.util.List;

/** Looks at every vector. */
final class ExactSearch {
  private ExactSearch() {}

  /** Ids of the nearest, best first. */
  static List<String> nearest(List<Entry> entries, float[] query, int limit) {
    record Scored(String id, double cosine) {}
    return entries.stream()
        .map(entry -> new Scored(entry.id(), cosine(entry.vector(), query)))
        .sorted(Comparator.comparingDouble(Scored::cosine).reversed())
        .limit(limit)
        .map(Scored::id)
        .toList();
  }

  private static double cosine(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
