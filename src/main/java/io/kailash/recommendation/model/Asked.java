package io.kailash.recommendation.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model asked for one user of a table as it would be in service. */
final class Asked {

  /** So many candidates of each source are fused. */
  static final int CANDIDATES = 200;

  private final RecommenderModel model;
  private final InteractionTable table;
  private final int[] rows;
  private final double[] weights;
  private final Set<String> seen;

  private Asked(
      RecommenderModel model,
      InteractionTable table,
      int[] rows,
      double[] weights,
      Set<String> seen) {
    this.model = model;
    this.table = table;
    this.rows = rows;
    this.weights = weights;
    this.seen = seen;
  }

  static Asked of(RecommenderModel model, InteractionTable table, int user) {
    int from = table.starts[user];
    int to = table.starts[user + 1];
    int[] rows = new int[to - from];
    Set<String> seen = new HashSet<>();
    for (int e = from; e < to; e++) {
      rows[e - from] = table.item[e];
      seen.add(table.items[table.item[e]]);
    }
    return new Asked(
        model,
        table,
        rows,
        model.parts().historyWeights().weigh(table.strength, table.at, from, to),
        seen);
  }

  /** The history, newest first. */
  List<WeightedItem> history() {
    List<WeightedItem> history = new ArrayList<>();
    for (int k = rows.length - 1; k >= 0; k--) {
      if (weights[k] > 0) {
        history.add(new WeightedItem(table.items[rows[k]], weights[k]));
      }
    }
    return history;
  }

  /** Items are numbered alike in the model and in the table it was learnt from. */
  List<ScoredItem> behaviour(int limit) {
    boolean[] own = new boolean[table.items.length];
    for (int row : rows) {
      own[row] = true;
    }
    List<ScoredItem> list = new ArrayList<>();
    RowScores scores = model.scores(rows, weights, rows.length);
    for (int item : scores.top(i -> own[i], limit)) {
      list.add(new ScoredItem(table.items[item], scores.score(item), null));
    }
    return list;
  }

  List<ScoredItem> unseen(List<ScoredItem> list) {
    List<ScoredItem> left = new ArrayList<>();
    for (ScoredItem one : list) {
      if (!seen.contains(one.item()) && left.size() < CANDIDATES) {
        left.add(one);
      }
    }
    return left;
  }

  static Map<String, Integer> numbers(InteractionTable table) {
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < table.items.length; i++) {
      numbers.put(table.items[i], i);
    }
    return numbers;
  }

  /** Numbers of the recommended items; what the table does not know is left out. */
  static int[] ranking(List<Fused> items, Map<String, Integer> numbers) {
    return items.stream()
        .map(one -> numbers.get(one.item()))
        .filter(java.util.Objects::nonNull)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
