package io.kailash.recommendation.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Items that go together. */
public final class RecommenderModel {
  private final Map<String, Double> popularity;
  private final Map<String, Map<String, Double>> together;
  private final long trainedAtMillis;

  RecommenderModel(
      Map<String, Double> popularity, Map<String, Map<String, Double>> together, long trained) {
    this.popularity = popularity;
    this.together = together;
    this.trainedAtMillis = trained;
  }

  @SuppressWarnings("unchecked")
  public static RecommenderModel read(InputStream in) throws IOException {
    try (ObjectInputStream objects = new ObjectInputStream(in)) {
      return new RecommenderModel(
          (Map<String, Double>) objects.readObject(),
          (Map<String, Map<String, Double>>) objects.readObject(),
          objects.readLong());
    } catch (ClassNotFoundException broken) {
      throw new IOException(broken);
    }
  }

  public void write(OutputStream out) throws IOException {
    ObjectOutputStream objects = new ObjectOutputStream(out);
    objects.writeObject(new HashMap<>(popularity));
    objects.writeObject(new HashMap<>(together));
    objects.writeLong(trainedAtMillis);
    objects.flush();
  }

  public RecommenderDescription description() {
    return new RecommenderDescription(
        1,
        java.time.Instant.ofEpochMilli(trainedAtMillis),
        "0".repeat(64),
        1,
        1,
        1,
        popularity.size(),
        1,
        Map.of(),
        1,
        new RecommenderQuality(1, 0, 0.1, 0.1, 0, 0));
  }

  public List<WeightedItem> history(List<Interaction> interactions) {
    return interactions.stream()
        .sorted(Comparator.comparingLong(Interaction::atMillis).reversed())
        .map(i -> new WeightedItem(i.item(), i.kind() == Kind.DISMISSAL ? 0 : 1))
        .toList();
  }

  public List<ScoredItem> behaviour(List<WeightedItem> history, int limit) {
    Map<String, Double> scores = new HashMap<>();
    Map<String, String> because = new HashMap<>();
    for (WeightedItem seen : history) {
      together
          .getOrDefault(seen.item(), Map.of())
          .forEach(
              (item, count) -> {
                scores.merge(item, seen.weight() * count, Double::sum);
                because.putIfAbsent(item, seen.item());
              });
    }
    history.forEach(seen -> scores.remove(seen.item()));
    return scores.entrySet().stream()
        .sorted(
            Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(limit)
        .map(e -> new ScoredItem(e.getKey(), e.getValue(), because.get(e.getKey())))
        .toList();
  }

  public List<ScoredItem> popular(int limit) {
    return popularity.entrySet().stream()
        .sorted(
            Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(limit)
        .map(e -> new ScoredItem(e.getKey(), e.getValue(), null))
        .toList();
  }

  public Map<Source, Double> weights() {
    return Map.of(Source.BEHAVIOUR, 1.0, Source.GRAPH, 0.5, Source.TEXT, 0.3, Source.POPULAR, 0.1);
  }
}
