package io.kailash.recommendation.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A trained recommender. Immutable; safe for any number of threads. */
public final class RecommenderModel {

  private static final int MOST_HISTORY = 10_000;

  private final ModelParts parts;
  private final Map<String, Integer> numbers;
  private final List<ScoredItem> popular;
  private final Map<Source, Double> weights;

  RecommenderModel(ModelParts parts) {
    this.parts = parts;
    numbers = new HashMap<>(parts.items().length * 2);
    for (int i = 0; i < parts.items().length; i++) {
      numbers.put(parts.items()[i], i);
    }
    List<ScoredItem> list = new ArrayList<>(parts.popularItems().length);
    for (int k = 0; k < parts.popularItems().length; k++) {
      list.add(
          new ScoredItem(parts.items()[parts.popularItems()[k]], parts.popularScores()[k], null));
    }
    popular = List.copyOf(list);
    weights = Collections.unmodifiableMap(new EnumMap<>(parts.weights()));
  }

  /**
   * Reads a model file to its end.
   *
   * @param in the file; not closed
   * @return the model
   * @throws ModelFileException if the file is cut, damaged, of another kind or of an unknown
   *     version
   * @throws IOException if reading fails
   */
  public static RecommenderModel read(InputStream in) throws IOException {
    return new RecommenderModel(ModelFile.read(in));
  }

  /**
   * Writes the model file. The same model gives the same bytes.
   *
   * @param out where to; flushed, not closed
   * @throws IOException if writing fails
   */
  public void write(OutputStream out) throws IOException {
    ModelFile.write(parts, out);
  }

  /**
   * What is known about this model.
   *
   * @return the description
   */
  public RecommenderDescription description() {
    return parts.description();
  }

  /**
   * What the model has learnt from.
   *
   * @return ids of the items; a view, which cannot be changed
   */
  public List<String> items() {
    return Collections.unmodifiableList(Arrays.asList(parts.items()));
  }

  /**
   * Whether the model has learnt from the item.
   *
   * @param item its id
   * @return false for an item that came after the training
   */
  public boolean knows(String item) {
    return numbers.containsKey(item);
  }

  /**
   * Weights of the sources in the fusion, tuned on held-out history where there was enough.
   *
   * @return a weight for every source
   */
  public Map<Source, Double> weights() {
    return weights;
  }

  /**
   * Turns interactions of one user into a history the way the model was tuned: an item counts as
   * much as its strongest interaction and less the more items came later; one that was dismissed
   * last counts 0, so that it says nothing and is not recommended.
   *
   * @param interactions of one user, in any order
   * @return newest first; at most {@code historyLimit} items of a weight above 0, and all dismissed
   *     ones
   */
  public List<WeightedItem> history(Collection<Interaction> interactions) {
    record Seen(float strength, long newest, long dismissed) {}
    Map<String, Seen> seen = new HashMap<>();
    for (Interaction interaction : interactions) {
      float strength = (float) strength(interaction.kind(), interaction.value());
      seen.merge(
          interaction.item(),
          strength > 0
              ? new Seen(strength, interaction.atMillis(), Long.MIN_VALUE)
              : new Seen(0, Long.MIN_VALUE, interaction.atMillis()),
          (a, b) ->
              new Seen(
                  Math.max(a.strength(), b.strength()),
                  Math.max(a.newest(), b.newest()),
                  Math.max(a.dismissed(), b.dismissed())));
    }
    List<WeightedItem> history = new ArrayList<>();
    List<Map.Entry<String, Seen>> counting = new ArrayList<>();
    for (Map.Entry<String, Seen> entry : seen.entrySet()) {
      Seen what = entry.getValue();
      if (what.strength() > 0 && what.newest() > what.dismissed()) {
        counting.add(entry);
      } else {
        history.add(new WeightedItem(entry.getKey(), 0));
      }
    }
    history.sort(Comparator.comparing(WeightedItem::item));
    counting.sort(
        Comparator.comparingLong((Map.Entry<String, Seen> e) -> e.getValue().newest())
            .thenComparing(Map.Entry::getKey));
    float[] strengths = new float[counting.size()];
    long[] at = new long[strengths.length];
    for (int k = 0; k < strengths.length; k++) {
      strengths[k] = counting.get(k).getValue().strength();
      at[k] = counting.get(k).getValue().newest();
    }
    double[] counts = parts.historyWeights().weigh(strengths, at, 0, strengths.length);
    List<WeightedItem> newestFirst = new ArrayList<>();
    for (int k = strengths.length - 1; k >= 0; k--) {
      if (counts[k] > 0) {
        newestFirst.add(new WeightedItem(counting.get(k).getKey(), counts[k]));
      }
    }
    newestFirst.addAll(history);
    return List.copyOf(newestFirst);
  }

  private double strength(Kind kind, float value) {
    double[] of = parts.strengths();
    return switch (kind) {
      case VIEW -> of[0];
      case CART -> of[1];
      case PURCHASE -> of[2];
      case RATING -> {
        double share =
            Float.isFinite(value)
                ? Math.min(1, Math.max(0, (value - of[5]) / (of[6] - of[5])))
                : 0.5;
        yield of[3] + share * (of[4] - of[3]);
      }
      case DISMISSAL -> 0;
    };
  }

  /**
   * What users with a similar history went on to. The work grows with the history and the
   * neighbours kept for each item, not with the number of items.
   *
   * @param history what the user turned to; items the model does not know say nothing, items of a
   *     weight of 0 or less are only left out of the answer; of more than 10 000 the first are used
   * @param limit at most so many
   * @return best first, without items of the history; empty if the model knows none of them
   */
  public List<ScoredItem> behaviour(List<WeightedItem> history, int limit) {
    int count = Math.min(history.size(), MOST_HISTORY);
    int[] rows = new int[count];
    double[] rowWeights = new double[count];
    int known = 0;
    for (int k = 0; k < count; k++) {
      Integer number = numbers.get(history.get(k).item());
      if (number != null) {
        rows[known] = number;
        rowWeights[known++] = Math.max(0, history.get(k).weight());
      }
    }
    if (known == 0 || limit <= 0) {
      return List.of();
    }
    int[] own = Arrays.copyOf(rows, known);
    Arrays.sort(own);
    RowScores scores = scores(rows, rowWeights, known);
    int[] best = scores.top(item -> Arrays.binarySearch(own, item) >= 0, limit);
    List<ScoredItem> answer = new ArrayList<>(best.length);
    for (int item : best) {
      answer.add(
          new ScoredItem(
              parts.items()[item], scores.score(item), parts.items()[scores.reason(item)]));
    }
    return List.copyOf(answer);
  }

  /** Sums by number of item. */
  RowScores scores(int[] rows, double[] rowWeights, int count) {
    SimilarityTable table = parts.table();
    long expected = 0;
    for (int k = 0; k < count; k++) {
      expected += table.starts[rows[k] + 1] - table.starts[rows[k]];
    }
    RowScores scores = new RowScores((int) Math.min(expected, parts.items().length));
    for (int k = 0; k < count; k++) {
      if (rowWeights[k] > 0) {
        int row = rows[k];
        for (int e = table.starts[row]; e < table.starts[row + 1]; e++) {
          scores.add(table.items[e], (float) (rowWeights[k] * table.score(row, e)), row);
        }
      }
    }
    return scores;
  }

  /**
   * What many users turned to lately, as of the end of the training data.
   *
   * @param limit at most so many
   * @return most popular first; fewer than {@code limit} if the model keeps fewer
   */
  public List<ScoredItem> popular(int limit) {
    return popular.subList(0, Math.min(Math.max(limit, 0), popular.size()));
  }

  ModelParts parts() {
    return parts;
  }
}
