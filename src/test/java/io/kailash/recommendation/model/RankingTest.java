package io.kailash.recommendation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {

  @Test
  void theMeasuresAreThoseOfTheDefinitions() {
    // Hits at places 1 and 3; one of three truths is missing.
    int[] ranking = {4, 9, 2, 8, 7};
    int[] truth = {2, 4, 5};
    assertThat(RankingTally.recallAt20(ranking, truth)).isCloseTo(2.0 / 3, within(1e-12));
    double ideal = 1 + 1 / log2(3) + 1 / log2(4);
    assertThat(RankingTally.ndcgAt10(ranking, truth))
        .isCloseTo((1 + 1 / log2(4)) / ideal, within(1e-12));
    int[] late = new int[25];
    Arrays.setAll(late, k -> 100 + k);
    // At place 11 it counts for recall only, at place 21 for nothing.
    assertThat(RankingTally.ndcgAt10(late, new int[] {110})).isZero();
    assertThat(RankingTally.recallAt20(late, new int[] {110})).isEqualTo(1);
    assertThat(RankingTally.recallAt20(late, new int[] {120})).isZero();
    assertThat(RankingTally.ndcgAt10(late, new int[] {100})).isEqualTo(1);
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }

  @Test
  void coverageAndNoveltyAreCountedOverWhatWasShown() {
    // Four items; the third is unknown to all. Eight users.
    RankingTally tally = new RankingTally(new int[] {8, 4, 0, 1}, 8);
    tally.add(new int[] {0, 1}, new int[] {1});
    tally.add(new int[] {1}, new int[] {3});
    RecommenderQuality quality = tally.quality();
    assertThat(quality.users()).isEqualTo(2);
    assertThat(quality.heldOut()).isEqualTo(2);
    assertThat(quality.recallAt20()).isEqualTo(0.5);
    assertThat(quality.ndcgAt10()).isCloseTo(0.5 / log2(3), within(1e-12));
    assertThat(quality.coverage()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(quality.noveltyBits()).isCloseTo((0 + 1 + 1) / 3.0, within(1e-12));
  }

  @Test
  void fusionAddsWeightedSharesOfEachListsHighest() {
    Map<Source, List<ScoredItem>> lists = new EnumMap<>(Source.class);
    lists.put(Source.BEHAVIOUR, List.of(new ScoredItem("a", 10, "x"), new ScoredItem("b", 5, "y")));
    lists.put(Source.GRAPH, List.of(new ScoredItem("b", 0.2, "z"), new ScoredItem("c", 0.1, "z")));
    Map<Source, Double> weights = Map.of(Source.BEHAVIOUR, 1.0, Source.GRAPH, 0.8);
    List<Fused> fused = Fusion.fuse(lists, weights, 10);
    assertThat(fused).extracting(Fused::item).containsExactly("b", "a", "c");
    assertThat(fused.get(0).score()).isCloseTo(0.5 + 0.8, within(1e-12));
    assertThat(fused.get(0).because()).isEqualTo("z");
    assertThat(fused.get(1).because()).isEqualTo("x");
    assertThat(fused.get(2).score()).isCloseTo(0.4, within(1e-12));
    assertThat(Fusion.fuse(lists, weights, 1)).extracting(Fused::item).containsExactly("b");
    assertThat(Fusion.fuse(lists, Map.of(Source.GRAPH, 0.0), 10)).isEmpty();
    assertThat(Fusion.fuse(Map.of(), weights, 10)).isEmpty();
  }

  @Test
  void aSourceThatLiesCannotTakeOverTheFusion() {
    Map<Source, List<ScoredItem>> lists =
        Map.of(
            Source.BEHAVIOUR,
            List.of(new ScoredItem("good", 3, null), new ScoredItem("fair", 2, null)),
            Source.TEXT,
            List.of(
                new ScoredItem("nan", Double.NaN, null),
                new ScoredItem("infinite", Double.POSITIVE_INFINITY, null),
                new ScoredItem("huge", 1e300, null),
                new ScoredItem("huge", 1e300, null),
                new ScoredItem("negative", -1e300, null)));
    List<Fused> fused = Fusion.fuse(lists, Map.of(Source.BEHAVIOUR, 1.0, Source.TEXT, 0.1), 10);
    assertThat(fused).extracting(Fused::item).containsExactly("good", "fair", "huge");
    assertThat(fused.get(2).score()).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void equalScoresAreOrderedById() {
    List<ScoredItem> list =
        List.of(
            new ScoredItem("c", 1, null),
            new ScoredItem("a", 1, null),
            new ScoredItem("b", 1, null));
    assertThat(Fusion.fuse(Map.of(Source.TEXT, list), Map.of(Source.TEXT, 1.0), 3))
        .extracting(Fused::item)
        .containsExactly("a", "b", "c");
  }

  @Test
  void aSweptMatrixIsTheNegativeInverse() {
    int size = 130;
    Random random = new Random(8);
    double[][] full = new double[size][size];
    for (int user = 0; user < 400; user++) {
      double[] row = new double[size];
      for (int k = 0; k < 9; k++) {
        row[random.nextInt(size)] = 1;
      }
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          full[i][j] += row[i] * row[j];
        }
      }
    }
    float[][] lower = new float[size][];
    for (int i = 0; i < size; i++) {
      full[i][i] += 20;
      lower[i] = new float[i + 1];
      for (int j = 0; j <= i; j++) {
        lower[i][j] = (float) full[i][j];
      }
    }
    EaseSimilarity.sweep(lower, new Workers(3, RecommenderProgress.silent()));
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double sum = 0;
        for (int k = 0; k < size; k++) {
          sum -= full[i][k] * (k >= j ? lower[k][j] : lower[j][k]);
        }
        assertThat(sum).isCloseTo(i == j ? 1 : 0, within(1e-4));
      }
    }
  }

  @Test
  void learntFactorsSolveTheNormalEquationsForFewAndForManyInteractions() {
    RecommenderOptions options =
        RecommenderOptions.defaults().with(Map.of("factors", "12", "factorConfidence", "3"));
    InteractionTable table =
        InteractionTable.read(
            new SyntheticInteractions(2_000, 120, 60, 6, 4), options, RecommenderProgress.silent());
    FactorSimilarity learnt =
        FactorSimilarity.learn(
            table, options, 2, null, new Workers(2, RecommenderProgress.silent()));
    int few = 0;
    int many = 0;
    InteractionTable.Columns columns = table.columns();
    for (int item = 0; item < table.items.length; item++) {
      int count = columns.starts()[item + 1] - columns.starts()[item];
      few += count < 12 ? 1 : 0;
      many += count >= 12 ? 1 : 0;
      double[] left = new double[12];
      double[] right = new double[12];
      for (int k = 0; k < 12; k++) {
        left[k] = 2 * Math.sqrt(count) * learnt.itemFactors[item * 12 + k];
      }
      for (int user = 0; user < table.users.length; user++) {
        addProduct(left, learnt, user, item, 1);
      }
      for (int e = columns.starts()[item]; e < columns.starts()[item + 1]; e++) {
        double confidence = 3 * table.strength[columns.entry()[e]];
        addProduct(left, learnt, columns.user()[e], item, confidence);
        for (int k = 0; k < 12; k++) {
          right[k] += (1 + confidence) * learnt.userFactors[columns.user()[e] * 12 + k];
        }
      }
      for (int k = 0; k < 12; k++) {
        assertThat(left[k]).isCloseTo(right[k], within(1e-3));
      }
    }
    assertThat(few).isPositive();
    assertThat(many).isPositive();
  }

  /** Adds {@code weight x (x y)} for a user x and an item y. */
  private static void addProduct(
      double[] sum, FactorSimilarity learnt, int user, int item, double weight) {
    double product = 0;
    for (int k = 0; k < 12; k++) {
      product += learnt.userFactors[user * 12 + k] * learnt.itemFactors[item * 12 + k];
    }
    for (int k = 0; k < 12; k++) {
      sum[k] += weight * product * learnt.userFactors[user * 12 + k];
    }
  }

  @Test
  void theHighestScoresOfARowAreKept() {
    float[] dense = {0, 5, -1, 3, 3, 9, 3, 0.5f};
    SimilarityTable.Rows rows = new SimilarityTable.Rows(2);
    rows.put(0, dense, 4);
    assertThat(rows.items[0]).containsExactly(1, 3, 4, 5);
    assertThat(rows.scores[0]).containsExactly(5, 3, 3, 9);
    rows.put(1, dense, 100);
    assertThat(rows.items[1]).containsExactly(1, 3, 4, 5, 6, 7);
    SimilarityTable table = SimilarityTable.of(rows);
    assertThat(table.score(0, 3)).isEqualTo(9);
    assertThat(table.score(0, 0)).isCloseTo(5, within(9 / 65_535f));
    Random random = new Random(2);
    for (int round = 0; round < 50; round++) {
      float[] many = new float[500];
      for (int k = 0; k < many.length; k++) {
        many[k] = random.nextInt(40);
      }
      int limit = 1 + random.nextInt(200);
      rows.put(0, many, limit);
      float[] kept = rows.scores[0].clone();
      Arrays.sort(kept);
      float[] sorted = many.clone();
      Arrays.sort(sorted);
      assertThat(kept).isEqualTo(Arrays.copyOfRange(sorted, 500 - limit, 500));
    }
  }

  @Test
  void sumsOfManyRowsAreThoseOfAPlainArray() {
    Random random = new Random(3);
    float[] expected = new float[5_000];
    RowScores scores = new RowScores(10);
    for (int k = 0; k < 40_000; k++) {
      int item = random.nextInt(expected.length);
      float part = random.nextInt(8);
      expected[item] += part;
      scores.add(item, part, k);
    }
    int[] top = scores.top(item -> item % 7 == 0, 300);
    Integer[] order = new Integer[expected.length];
    Arrays.setAll(order, k -> k);
    Arrays.sort(
        order,
        (a, b) -> expected[a] != expected[b] ? Float.compare(expected[b], expected[a]) : a - b);
    int[] wanted =
        Arrays.stream(order)
            .filter(item -> item % 7 != 0)
            .limit(300)
            .mapToInt(Integer::intValue)
            .toArray();
    assertThat(top).isEqualTo(wanted);
    assertThat(scores.score(top[0])).isEqualTo(expected[top[0]]);
  }

  @Test
  void theNewestPartOfEachUserIsHeldOutAndEqualTimesGoByItem() {
    List<Interaction> list =
        List.of(
            view("u", "10", 5),
            view("u", "9", 5),
            view("u", "x", 1),
            view("u", "2", 9),
            view("u", "1", 2),
            view("one", "2", 1));
    InteractionTable table =
        InteractionTable.read(
            InteractionSource.of(list),
            RecommenderOptions.defaults(),
            RecommenderProgress.silent());
    assertThat(table.items).containsExactly("1", "2", "9", "10", "x");
    InteractionTable.Split split = table.split(0.4);
    assertThat(split.newerPairs()).isEqualTo(2);
    assertThat(split.newer()[0]).isEmpty();
    assertThat(split.newer()[1]).containsExactly(3, 1);
    assertThat(split.older().pairs()).isEqualTo(4);
  }

  @Test
  void onlyTheItemsOfAHistoryThatCountMostAreUsed() {
    float[] strength = {3, 1, 1, 1};
    long[] at = {1, 2, 3, 4};
    assertThat(new HistoryWeights(Double.POSITIVE_INFINITY, 2).weigh(strength, at, 0, 4))
        .containsExactly(3, 0, 0, 1);
    assertThat(new HistoryWeights(1, 4).weigh(strength, at, 0, 4))
        .containsExactly(3 / 4.0, 1 / 3.0, 1 / 2.0, 1);
  }

  @Test
  void aWrongOptionIsNamed() {
    RecommenderOptions options = RecommenderOptions.defaults();
    assertThatThrownBy(() -> options.with(Map.of("shrinkage", "-1")))
        .hasMessageContaining("shrinkage");
    assertThatThrownBy(() -> options.with(Map.of("shrinkag", "1")))
        .hasMessageContaining("shrinkag");
    assertThatThrownBy(() -> options.with(Map.of("session", "soon")))
        .hasMessageContaining("session");
    assertThat(options.with(Map.of("session", "PT1H")).session().toMinutes()).isEqualTo(60);
    assertThat(options.strength(Kind.RATING, 5)).isEqualTo(1.5);
    assertThat(options.strength(Kind.RATING, Float.NaN)).isEqualTo(1);
    assertThat(options.strength(Kind.RATING, 99)).isEqualTo(1.5);
  }

  private static Interaction view(String user, String item, long at) {
    return new Interaction(user, item, Kind.VIEW, Float.NaN, at);
  }
}
