package io.kailash.recommendation.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kailash.recommendation.model.WeightedItem;
import io.kailash.recommendation.sources.Found.Why;
import io.kailash.stack.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NeighboursTest {
  private static final long LONG = TimeUnit.SECONDS.toNanos(30);
  private static final List<WeightedItem> HISTORY =
      List.of(new WeightedItem("a", 1), new WeightedItem("b", 0.5));

  private final List<List<String>> asked = new CopyOnWriteArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private final Guard guard =
      new Guard(
          "neighbours",
          1,
          Duration.ofSeconds(20),
          new Breaker(Duration.ofHours(1), System::nanoTime),
          work -> {
            Thread thread = new Thread(work, "neighbours-test");
            thread.setDaemon(true);
            return thread;
          });

  @AfterEach
  void end() {
    guard.close();
  }

  private static Found found(String sku, double score) {
    return new Found(sku, score, "?", Why.SIMILAR);
  }

  private Neighbours neighbours(Map<String, List<Found>> lists) {
    return new Neighbours(
        100_000,
        guard,
        now::get,
        skus -> {
          asked.add(skus);
          if (skus.contains("broken")) {
            throw new IllegalStateException("broken");
          }
          return lists;
        });
  }

  private static NeighbourSource.Seen seen(Neighbours neighbours, List<WeightedItem> history) {
    return neighbours.around(history, 10, true, LONG).get(System.nanoTime() + LONG, 10);
  }

  @Test
  void scoresAreSummedOverTheHistoryAndTheStrongestIsTheReason() {
    NeighbourSource.Seen seen =
        seen(
            neighbours(
                Map.of(
                    "a", List.of(found("x", 0.2), found("y", 0.5)),
                    "b", List.of(found("x", 0.9), found("z", -1)))),
            HISTORY);
    assertThat(seen.whole()).isTrue();
    assertThat(seen.found())
        .extracting(Found::sku, Found::because)
        .containsExactly(Tuple.tuple("x", "b"), Tuple.tuple("y", "a"));
    assertThat(seen.found().get(0).score()).isCloseTo(0.65, within(1e-6));
  }

  @Test
  void onlyWhatIsMissingIsAsked() {
    Neighbours neighbours =
        neighbours(Map.of("a", List.of(found("x", 1)), "b", List.of(found("y", 1))));
    seen(neighbours, HISTORY.subList(0, 1));
    assertThat(seen(neighbours, HISTORY).found()).hasSize(2);
    seen(neighbours, HISTORY);
    assertThat(asked).containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void whatIsKnownCountsWhereTheRestIsMissing() {
    Neighbours neighbours = neighbours(Map.of("a", List.of(found("x", 1))));
    seen(neighbours, HISTORY.subList(0, 1));
    List<WeightedItem> more = List.of(HISTORY.get(0), new WeightedItem("broken", 1));
    NeighbourSource.Seen seen = seen(neighbours, more);
    assertThat(seen.whole()).isFalse();
    assertThat(seen.found()).extracting(Found::sku).containsExactly("x");
    NeighbourSource.Seen fromMemory =
        neighbours.around(more, 10, false, LONG).get(System.nanoTime() + LONG, 10);
    assertThat(fromMemory.whole()).isFalse();
    assertThat(fromMemory.found()).extracting(Found::sku).containsExactly("x");
    assertThat(asked).hasSize(2);
  }

  @Test
  void anItemComesOnceUnderItsStrongestReason() {
    NeighbourSource.Seen seen =
        seen(
            neighbours(
                Map.of(
                    "a",
                    List.of(
                        new Found("x", 0.1, "a", Why.SAME_CATEGORY),
                        new Found("x", 0.7, "a", Why.BOUGHT_WITH)))),
            HISTORY.subList(0, 1));
    assertThat(seen.found()).hasSize(1);
    assertThat(seen.found().get(0).why()).isEqualTo(Why.BOUGHT_WITH);
    assertThat(seen.found().get(0).score()).isCloseTo(0.7, within(1e-6));
  }

  @Test
  void whatIsReadAheadIsNotAskedAgain() {
    Neighbours neighbours =
        neighbours(Map.of("a", List.of(found("x", 1)), "b", List.of(found("y", 1))));
    neighbours.prepare(List.of("a", "b"), LONG);
    neighbours.prepare(List.of("a", "b"), LONG);
    NeighbourSource.Seen seen = seen(neighbours, HISTORY);
    assertThat(seen.whole()).isTrue();
    assertThat(seen.found()).extracting(Found::sku).containsExactly("x", "y");
    assertThat(asked).containsExactly(List.of("a", "b"));
  }

  /** All that was read after a start grows old at once. */
  @Test
  void whatHasGrownOldIsReadAnewAFewAtATime() throws Exception {
    Neighbours neighbours = new Neighbours(100_000, guard, now::get, this::oneEach);
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add("many-" + i);
      seen(neighbours, List.of(new WeightedItem("many-" + i, 1)));
    }
    asked.clear();
    now.addAndGet(TimeUnit.MINUTES.toNanos(11));
    for (String sku : many) {
      assertThat(seen(neighbours, List.of(new WeightedItem(sku, 1))).whole()).isTrue();
    }
    Eventually.until("one is asked", () -> asked.equals(List.of(List.of("many-0"))));
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    seen(neighbours, List.of(new WeightedItem("many-99", 1)));
    Eventually.until("more are asked", () -> asked.size() == 2 && asked.get(1).size() == 40);
    assertThat(asked.get(1)).contains("many-1").doesNotContain("many-0");
  }

  @Test
  void whatHasChangedDoesNotWaitBehindWhatHasGrownOld() throws Exception {
    Neighbours neighbours = new Neighbours(100_000, guard, now::get, this::oneEach);
    seen(neighbours, HISTORY);
    seen(neighbours, List.of(new WeightedItem("c", 1)));
    asked.clear();
    now.addAndGet(TimeUnit.MINUTES.toNanos(11));
    neighbours.changed(List.of("b"));
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(2_001));
    neighbours.changed(List.of("b"));
    seen(neighbours, List.of(new WeightedItem("c", 1)));
    Eventually.until("the old one is asked", () -> asked.equals(List.of(List.of("c"))));
    seen(neighbours, HISTORY);
    Eventually.until(
        "the changed one is asked", () -> asked.equals(List.of(List.of("c"), List.of("b"))));
  }

  private Map<String, List<Found>> oneEach(List<String> skus) {
    asked.add(List.copyOf(skus));
    Map<String, List<Found>> lists = new HashMap<>();
    skus.forEach(sku -> lists.put(sku, List.of(found("x", 1))));
    return lists;
  }

  @Test
  void noMoreIsKeptThanThereIsMemoryForAndItSaysSo() {
    Neighbours neighbours =
        new Neighbours(
            20_000,
            guard,
            now::get,
            skus -> {
              asked.add(skus);
              Map<String, List<Found>> lists = new HashMap<>();
              skus.forEach(sku -> lists.put(sku, List.of(found("x", 1), found("y", 1))));
              return lists;
            });
    assertThat(neighbours.isFull()).isFalse();
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      many.add("many-" + i);
    }
    for (int i = 0; i < many.size(); i += 40) {
      neighbours.prepare(many.subList(i, i + 40), LONG);
    }
    assertThat(neighbours.isFull()).isTrue();
    asked.clear();
    for (int i = 0; i < many.size(); i += 40) {
      neighbours.prepare(many.subList(i, i + 40), LONG);
    }
    assertThat(asked.stream().mapToInt(List::size).sum()).isBetween(100, 199);
  }

  @Test
  void nobodyWaitsBehindOthersForAStore() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    Neighbours neighbours =
        new Neighbours(
            100_000,
            guard,
            now::get,
            skus -> {
              answers.await();
              return Map.of();
            });
    for (String sku : List.of("p", "q", "r")) {
      neighbours.around(List.of(new WeightedItem(sku, 1)), 10, true, LONG);
    }
    NeighbourSource.Looking late = neighbours.around(HISTORY, 10, true, LONG);
    try {
      assertThat(
              CompletableFuture.supplyAsync(() -> late.get(System.nanoTime() + LONG, 10))
                  .get(10, TimeUnit.SECONDS)
                  .whole())
          .isFalse();
    } finally {
      answers.countDown();
    }
  }
}
