package io.kailash.recommendation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RecommenderModelTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
  private static final SyntheticInteractions PLANTED =
      new SyntheticInteractions(20_000, 1_000, 300, 12, 5);

  private static TrainedRecommender trained;
  private static RecommenderModel model;

  @BeforeAll
  static void train() {
    trained = train(PLANTED, RecommenderOptions.defaults());
    model = trained.model();
  }

  private static TrainedRecommender train(InteractionSource source, RecommenderOptions options) {
    return new RecommenderTrainer(CLOCK).train(source, options, RecommenderProgress.silent());
  }

  private static Interaction view(String user, String item, long at) {
    return new Interaction(user, item, Kind.VIEW, Float.NaN, at);
  }

  private static byte[] bytes(RecommenderModel model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.write(out);
    return out.toByteArray();
  }

  @Test
  void thePlantedGroupsAreFound() {
    int right = 0;
    int all = 0;
    for (int item = 0; item < 24; item++) {
      String asked = SyntheticInteractions.item(item);
      for (ScoredItem one : model.behaviour(List.of(new WeightedItem(asked, 1)), 10)) {
        all++;
        right += PLANTED.groupOf(one.item()) == PLANTED.groupOf(asked) ? 1 : 0;
        assertThat(one.because()).isEqualTo(asked);
        assertThat(one.score()).isPositive();
      }
    }
    assertThat(all).isEqualTo(240);
    // By chance it would be one of twelve.
    assertThat(right).isGreaterThan(200);
  }

  @Test
  void whatIsHeldOutIsForetoldFarBetterThanByPopularity() {
    RecommenderQuality quality = trained.heldOut();
    assertThat(quality).isEqualTo(model.description().heldOut());
    assertThat(quality.users()).isGreaterThan(300);
    RecommenderOptions options = RecommenderOptions.defaults();
    InteractionTable.Split split =
        InteractionTable.read(PLANTED, options, RecommenderProgress.silent()).split(0.2);
    float[] popularity = RecommenderTrainer.popularity(split.older(), options);
    RankingTally tally = new RankingTally(split.older().usersOfItems(), split.older().users.length);
    for (int user = 0; user < split.newer().length; user++) {
      if (split.newer()[user].length > 0) {
        float[] unseen = popularity.clone();
        for (int e = split.older().starts[user]; e < split.older().starts[user + 1]; e++) {
          unseen[split.older().item[e]] = 0;
        }
        tally.add(RecommenderTrainer.mostPopular(unseen, 20), split.newer()[user]);
      }
    }
    assertThat(quality.recallAt20()).isGreaterThan(2 * tally.quality().recallAt20());
    assertThat(quality.ndcgAt10()).isGreaterThan(2 * tally.quality().ndcgAt10());
    assertThat(quality.coverage()).isBetween(tally.quality().coverage(), 1.0);
    assertThat(quality.noveltyBits()).isGreaterThan(tally.quality().noveltyBits());
  }

  @Test
  void theSameInteractionsInAnyOrderGiveTheSameBytesWithAnyNumberOfThreads() throws IOException {
    List<Interaction> list = new ArrayList<>();
    new SyntheticInteractions(4_000, 200, 80, 6, 9).forEach(list::add);
    RecommenderOptions options = RecommenderOptions.defaults().withThreads(1);
    byte[] first = bytes(train(InteractionSource.of(list), options).model());
    SyntheticInteractions.shuffle(list, 4);
    byte[] second = bytes(train(InteractionSource.of(list), options.withThreads(4)).model());
    assertThat(second).isEqualTo(first);
    byte[] other = bytes(train(InteractionSource.of(list), options.withSeed(2)).model());
    assertThat(other).isNotEqualTo(first);
    list.remove(17);
    assertThat(
            train(InteractionSource.of(list), options).model().description().trainingDataDigest())
        .isNotEqualTo(
            RecommenderModel.read(new ByteArrayInputStream(first))
                .description()
                .trainingDataDigest());
  }

  @Test
  void aFileReadBackAnswersTheSame() throws IOException {
    byte[] file = bytes(model);
    RecommenderModel read = RecommenderModel.read(new ByteArrayInputStream(file));
    assertThat(read.description()).isEqualTo(model.description());
    assertThat(read.weights()).isEqualTo(model.weights());
    assertThat(read.popular(50)).isEqualTo(model.popular(50));
    for (int item = 0; item < 50; item++) {
      List<WeightedItem> history =
          List.of(
              new WeightedItem(SyntheticInteractions.item(item), 1),
              new WeightedItem(SyntheticInteractions.item(item + 3), 0.5));
      assertThat(read.behaviour(history, 30)).isEqualTo(model.behaviour(history, 30));
    }
    List<Interaction> interactions =
        List.of(view("u", "i1", 5), new Interaction("u", "i2", Kind.RATING, 2, 6));
    assertThat(read.history(interactions)).isEqualTo(model.history(interactions));
    assertThat(bytes(read)).isEqualTo(file);
  }

  @Test
  void aDamagedFileIsRefusedWhereverItIsDamaged() throws IOException {
    byte[] file =
        bytes(
            train(new SyntheticInteractions(300, 20, 15, 3, 1), RecommenderOptions.defaults())
                .model());
    Random random = new Random(6);
    for (int k = 0; k < 200; k++) {
      byte[] damaged = file.clone();
      int at = k < 60 ? k : random.nextInt(file.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> RecommenderModel.read(new ByteArrayInputStream(damaged)))
          .as("byte %d", at)
          .isInstanceOf(ModelFileException.class);
    }
    for (int length : new int[] {0, 7, 8, 30, 51, 52, file.length / 2, file.length - 1}) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> RecommenderModel.read(new ByteArrayInputStream(cut)))
          .as("cut to %d bytes", length)
          .isInstanceOf(ModelFileException.class);
    }
    byte[] longer = Arrays.copyOf(file, file.length + 1);
    assertThatThrownBy(() -> RecommenderModel.read(new ByteArrayInputStream(longer)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("after its end");
  }

  @Test
  void nothingAtAllGivesAModelThatSaysNothing() throws IOException {
    TrainedRecommender empty =
        train(InteractionSource.of(List.of()), RecommenderOptions.defaults());
    assertThat(empty.heldOut().users()).isZero();
    RecommenderModel read = RecommenderModel.read(new ByteArrayInputStream(bytes(empty.model())));
    assertThat(read.popular(10)).isEmpty();
    assertThat(read.behaviour(List.of(new WeightedItem("a", 1)), 10)).isEmpty();
    assertThat(read.weights().keySet()).containsExactlyInAnyOrder(Source.values());
  }

  @Test
  void threeInteractionsGivePopularityAndNoFalseFigures() {
    RecommenderModel tiny =
        train(
                InteractionSource.of(
                    List.of(view("u1", "b", 1), view("u2", "b", 2), view("u3", "a", 3))),
                RecommenderOptions.defaults())
            .model();
    assertThat(tiny.popular(10)).extracting(ScoredItem::item).containsExactly("b", "a");
    assertThat(tiny.behaviour(List.of(new WeightedItem("b", 1)), 10)).isEmpty();
    assertThat(tiny.description().heldOut()).isEqualTo(new RecommenderQuality(0, 0, 0, 0, 0, 0));
  }

  @Test
  void popularityFadesWithItsHalfLife() {
    long day = 86_400_000L;
    List<Interaction> list = new ArrayList<>();
    for (int user = 0; user < 9; user++) {
      list.add(view("old" + user, "yesteryear", 0));
    }
    list.add(view("new1", "now", 120 * day));
    list.add(view("new2", "now", 120 * day));
    RecommenderModel faded =
        train(InteractionSource.of(list), RecommenderOptions.defaults()).model();
    assertThat(faded.popular(2)).extracting(ScoredItem::item).containsExactly("now", "yesteryear");
    // Four half-lives of 30 days: 9 / 16.
    assertThat(faded.popular(2).get(1).score()).isCloseTo(9.0 / 16, within(1e-6));
    RecommenderModel slow =
        train(
                InteractionSource.of(list),
                RecommenderOptions.defaults().with(Map.of("popularityHalfLife", "P3650D")))
            .model();
    assertThat(slow.popular(1).get(0).item()).isEqualTo("yesteryear");
  }

  @Test
  void whatIsDismissedIsNeitherLearntNorRecommended() {
    List<Interaction> history =
        List.of(
            view("u", "i5", 10),
            view("u", "i17", 20),
            new Interaction("u", "i17", Kind.DISMISSAL, Float.NaN, 30),
            new Interaction("u", "i29", Kind.DISMISSAL, Float.NaN, 5),
            view("u", "i29", 6));
    List<WeightedItem> weighted = model.history(history);
    assertThat(weighted).extracting(WeightedItem::item).containsExactly("i5", "i29", "i17");
    assertThat(weighted.get(2).weight()).isZero();
    List<ScoredItem> answer = model.behaviour(weighted, 300);
    assertThat(answer).isNotEmpty();
    assertThat(answer).extracting(ScoredItem::item).doesNotContain("i5", "i17", "i29");
    assertThat(answer).extracting(ScoredItem::because).isSubsetOf("i5", "i29");
  }

  @Test
  void laterAndStrongerInteractionsCountMore() {
    List<Interaction> interactions =
        List.of(
            view("u", "i1", 100),
            view("u", "i2", 200),
            new Interaction("u", "i3", Kind.PURCHASE, Float.NaN, 50),
            view("u", "i3", 60),
            new Interaction("u", "i4", Kind.RATING, 5, 200));
    List<WeightedItem> history = model.history(interactions);
    double offset = model.description().recencyOffset();
    Map<String, Double> expected =
        Map.of(
            "i1", offset / (offset + 2),
            "i2", offset / (offset + 0.5),
            "i3", 3 * offset / (offset + 3),
            "i4", 1.5 * offset / (offset + 0.5));
    assertThat(history).hasSize(4);
    for (WeightedItem one : history) {
      if (Double.isFinite(offset)) {
        assertThat(one.weight()).isCloseTo(expected.get(one.item()), within(1e-9));
      }
    }
    assertThat(Double.isFinite(offset)).isTrue();
    assertThat(history.get(3).item()).isEqualTo("i3");
  }

  @Test
  void anAnswerHoldsNoItemTwiceNorOfTheHistoryAndBestComesFirst() {
    List<WeightedItem> history = new ArrayList<>();
    for (int item = 0; item < 60; item++) {
      history.add(new WeightedItem(SyntheticInteractions.item(item), 1.0 / (1 + item)));
    }
    history.add(new WeightedItem("never heard of", 5));
    List<ScoredItem> answer = model.behaviour(history, 1_000);
    Set<String> seen = new HashSet<>();
    history.forEach(one -> seen.add(one.item()));
    double before = Double.POSITIVE_INFINITY;
    for (ScoredItem one : answer) {
      assertThat(seen.add(one.item())).as(one.item()).isTrue();
      assertThat(one.score()).isLessThanOrEqualTo(before);
      before = one.score();
    }
    assertThat(answer).hasSizeGreaterThan(100);
    assertThat(model.behaviour(history, 7)).isEqualTo(answer.subList(0, 7));
    assertThat(model.behaviour(history, 0)).isEmpty();
    assertThat(model.behaviour(List.of(), 10)).isEmpty();
  }

  @Test
  void manyThreadsGetTheAnswersOfOne() throws Exception {
    List<WeightedItem> history =
        List.of(new WeightedItem("i1", 1), new WeightedItem("i2", 1), new WeightedItem("i40", 1));
    List<ScoredItem> expected = model.behaviour(history, 40);
    ExecutorService executor = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        answers.add(
            executor.submit(
                () -> {
                  boolean same = true;
                  for (int k = 0; k < 500; k++) {
                    same &= model.behaviour(history, 40).equals(expected);
                  }
                  return same;
                }));
      }
      for (Future<Boolean> answer : answers) {
        assertThat(answer.get()).isTrue();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aTrainingStopsWhenAskedTo() {
    AtomicInteger asked = new AtomicInteger();
    RecommenderProgress impatient =
        new RecommenderProgress() {
          @Override
          public void at(String phase, double fractionDone) {
            assertThat(fractionDone).isBetween(0.0, 1.0);
          }

          @Override
          public boolean cancelled() {
            return asked.incrementAndGet() > 40;
          }
        };
    assertThatThrownBy(
            () ->
                new RecommenderTrainer(CLOCK)
                    .train(PLANTED, RecommenderOptions.defaults(), impatient))
        .isInstanceOf(TrainingCancelledException.class);
  }

  @Test
  void progressRisesToTheEnd() {
    List<Double> heard = new ArrayList<>();
    new RecommenderTrainer(CLOCK)
        .train(
            new SyntheticInteractions(3_000, 150, 60, 5, 2),
            RecommenderOptions.defaults(),
            new RecommenderProgress() {
              @Override
              public void at(String phase, double fractionDone) {
                heard.add(fractionDone);
              }

              @Override
              public boolean cancelled() {
                return false;
              }
            });
    assertThat(heard).isSorted().first().isEqualTo(0.0);
    assertThat(heard).last().isEqualTo(1.0);
  }

  @Test
  void longListsAreCutToOneLengthWhereAllTogetherAreTooMany() {
    SimilarityTable.Rows rows = new SimilarityTable.Rows(4);
    rows.items[0] = new int[] {1, 2, 3};
    rows.scores[0] = new float[] {0.5f, 0.9f, 0.5f};
    rows.items[1] = new int[] {0};
    rows.scores[1] = new float[] {1};
    rows.items[3] = new int[] {0, 1, 2};
    rows.scores[3] = new float[] {3, 1, 2};
    rows.cut(7);
    assertThat(rows.items[0]).hasSize(3);
    rows.cut(6);
    assertThat(rows.items[0]).containsExactly(1, 2);
    assertThat(rows.scores[0]).containsExactly(0.5f, 0.9f);
    assertThat(rows.items[1]).containsExactly(0);
    assertThat(rows.items[2]).isNull();
    assertThat(rows.items[3]).containsExactly(0, 2);
    assertThat(rows.scores[3]).containsExactly(3, 2);
    rows.cut(1);
    assertThat(rows.items[0]).as("of one each at least").containsExactly(2);
  }

  @Test
  void aModelHoldsNoMoreSimilaritiesThanAskedFor() {
    long kept = model.description().neighbours();
    TrainedRecommender cut =
        train(
            PLANTED,
            RecommenderOptions.defaults()
                .with(Map.of("mostSimilarities", Long.toString(kept / 4))));
    assertThat(cut.model().description().neighbours()).isBetween(kept / 8, kept / 4);
    assertThat(cut.heldOut().recallAt20()).isGreaterThan(0.8 * trained.heldOut().recallAt20());
  }

  @Test
  void itemsThatFewTurnedToAreNotComparedByTheirFactors() {
    assertThat(FactorSimilarity.mostUsed(new int[] {3, 0, 5, 3, 3}, 3)).containsExactly(0, 2, 3);
    assertThat(FactorSimilarity.mostUsed(new int[] {3, 0, 5}, 3)).containsExactly(0, 1, 2);
    RecommenderOptions options =
        RecommenderOptions.defaults().with(Map.of("factorItemLimit", "10"));
    Workers workers = new Workers(1, RecommenderProgress.silent());
    InteractionTable table = InteractionTable.read(PLANTED, options, RecommenderProgress.silent());
    int[] most = FactorSimilarity.mostUsed(table.usersOfItems(), 10);
    SimilarityTable.Rows rows =
        FactorSimilarity.learn(table, options, 2, null, workers).similarities(null);
    SimilarityTable.Rows all =
        FactorSimilarity.learn(table, RecommenderOptions.defaults(), 2, null, workers)
            .similarities(null);
    for (int item = 0; item < table.items.length; item++) {
      if (Arrays.binarySearch(most, item) < 0) {
        assertThat(rows.items[item]).isNull();
        continue;
      }
      assertThat(most).contains(rows.items[item]);
      for (int k = 0; k < rows.items[item].length; k++) {
        int whole = Arrays.binarySearch(all.items[item], rows.items[item][k]);
        assertThat(rows.scores[item][k]).isEqualTo(all.scores[item][whole]);
      }
    }
  }

  @Test
  void anotherSourceGetsAWeightByWhatItIsWorth() {
    List<Interaction> list = new ArrayList<>();
    PLANTED.forEach(list::add);
    RecommenderOptions weakest =
        RecommenderOptions.defaults().with(Map.of("factors", "0", "easeItemLimit", "0"));
    Set<String> items = new TreeSet<>();
    list.forEach(one -> items.add(one.item()));
    CandidateSource noise =
        (history, limit) ->
            items.stream()
                .sorted((a, b) -> Integer.compare(a.hashCode() * 31, b.hashCode() * 31))
                .map(item -> new ScoredItem(item, 1.0 / (2 + Math.abs(item.hashCode() % 97)), null))
                .limit(limit)
                .toList();
    // Knows what every user will do: the newest items of all whose history begins alike.
    InteractionTable.Split split =
        InteractionTable.read(PLANTED, weakest, RecommenderProgress.silent())
            .split(weakest.validationShare());
    CandidateSource oracle =
        (history, limit) -> {
          Set<String> known = new HashSet<>();
          history.forEach(one -> known.add(one.item()));
          InteractionTable older = split.older();
          List<ScoredItem> answer = new ArrayList<>();
          for (int user = 0; user < older.users.length; user++) {
            Set<String> own = new HashSet<>();
            for (int e = older.starts[user]; e < older.starts[user + 1]; e++) {
              own.add(older.items[older.item[e]]);
            }
            if (own.containsAll(known) && answer.isEmpty()) {
              for (int item : split.newer()[user]) {
                answer.add(new ScoredItem(older.items[item], 1, null));
              }
            }
          }
          return answer;
        };
    Map<Source, Double> weights =
        new RecommenderTrainer(CLOCK)
            .train(
                PLANTED,
                weakest,
                RecommenderProgress.silent(),
                Map.of(Source.GRAPH, oracle, Source.TEXT, noise))
            .model()
            .weights();
    assertThat(weights.get(Source.GRAPH)).isGreaterThanOrEqualTo(0.4);
    assertThat(weights.get(Source.TEXT)).isLessThanOrEqualTo(0.03);
  }
}
