package io.kailash.recommendation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.recommendation.model.Fusion;
import io.kailash.recommendation.model.ScoredItem;
import io.kailash.recommendation.model.Source;
import io.kailash.recommendation.sources.Found;
import io.kailash.recommendation.sources.Found.Why;
import io.kailash.recommendation.sources.Guard;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the sources gave becomes one list, each item with the source that speaks most for it. */
class CandidatesTest {
  private static final Map<Source, Double> WEIGHTS =
      Map.of(Source.BEHAVIOUR, 1.0, Source.GRAPH, 0.5, Source.TEXT, 0.3, Source.POPULAR, 0.1);

  private static Ranking ranking(
      List<ScoredItem> behaviour, List<Found> graph, List<ScoredItem> popular) {
    Map<Source, List<ScoredItem>> lists = new EnumMap<>(Source.class);
    Map<String, Why> whys = new HashMap<>();
    lists.put(Source.BEHAVIOUR, behaviour);
    lists.put(
        Source.GRAPH,
        graph.stream().map(f -> new ScoredItem(f.sku(), f.score(), f.because())).toList());
    graph.forEach(found -> whys.put(found.sku(), found.why()));
    lists.put(Source.POPULAR, popular);
    return new Ranking(Fusion.fuse(lists, WEIGHTS, 10), whys);
  }

  private static List<Candidate> candidates(
      List<ScoredItem> behaviour, List<Found> graph, List<ScoredItem> popular) {
    Ranking ranking = ranking(behaviour, graph, popular);
    return IntStream.range(0, ranking.size()).mapToObj(ranking::candidate).toList();
  }

  @Test
  void theSourceThatAddsMostGivesTheReason() {
    List<Candidate> all =
        candidates(
            List.of(new ScoredItem("a", 4, "h"), new ScoredItem("b", 1, "h")),
            List.of(new Found("b", 9, "g", Why.BOUGHT_WITH), new Found("c", 3, "g", Why.NEAR)),
            List.of(new ScoredItem("d", 100, null), new ScoredItem("a", 50, null)));
    assertThat(all).extracting(Candidate::sku).containsExactly("a", "b", "c", "d");
    assertThat(all)
        .extracting(Candidate::leading)
        .containsExactly(Source.BEHAVIOUR, Source.GRAPH, Source.GRAPH, Source.POPULAR);
    assertThat(all).extracting(Candidate::because).containsExactly("h", "g", "g", null);
    assertThat(all)
        .extracting(Candidate::why)
        .containsExactly(null, Why.BOUGHT_WITH, Why.NEAR, null);
    assertThat(all.get(0).score()).isEqualTo(1);
    assertThat(all.get(0).scores())
        .containsExactlyInAnyOrderEntriesOf(Map.of(Source.BEHAVIOUR, 1.0, Source.POPULAR, 0.5));
  }

  @Test
  void aListIsReadAsItWasWrittenAndNothingElseIsTakenForOne() throws Exception {
    Ranking ranking =
        ranking(
            List.of(new ScoredItem("a", 4, "h")),
            List.of(new Found("b", 9, "g", Why.BOUGHT_WITH)),
            List.of(new ScoredItem("ü-ß", 100, null)));
    byte[] bytes = ranking.bytes();
    Ranking read = Ranking.read(bytes);
    assertThat(read.size()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      assertThat(read.candidate(i)).usingRecursiveComparison().isEqualTo(ranking.candidate(i));
    }
    for (int i = 0; i < bytes.length; i++) {
      byte[] other = bytes.clone();
      other[i] ^= 4;
      assertThatThrownBy(() -> Ranking.read(other)).as("byte " + i).isInstanceOf(IOException.class);
      byte[] cut = Arrays.copyOf(bytes, i);
      assertThatThrownBy(() -> Ranking.read(cut)).as("cut at " + i).isInstanceOf(IOException.class);
    }
  }

  @Test
  void nothingFromNowhereIsNothing() {
    assertThat(candidates(List.of(), List.of(), List.of())).isEmpty();
  }

  @Test
  void aCallThatWasNeverMadeIsEmpty() {
    try (Guard guard =
        new Guard(
            "closed",
            1,
            java.time.Duration.ofSeconds(1),
            new io.kailash.recommendation.sources.Breaker(
                java.time.Duration.ofSeconds(1), System::nanoTime),
            Thread::new)) {
      guard.close();
      assertThat(guard.start(() -> "never").get(Long.MAX_VALUE)).isEmpty();
    }
  }

  private static ItemCard card(String sku, String brand, String category) {
    return new ItemCard(
        sku,
        sku.toUpperCase(java.util.Locale.ROOT),
        brand,
        "{\"size\":\"S\",\"deep\":12,\"lit\":true}",
        category == null ? Map.of() : Map.of("shop", category),
        true,
        true);
  }

  @Test
  void likenessIsCategoryAndBrand() {
    assertThat(card("a", "x", "lamps").likeness(card("b", "x", "lamps"))).isEqualTo(1);
    assertThat(card("a", "x", "lamps").likeness(card("b", "y", "lamps"))).isEqualTo(2.0 / 3);
    assertThat(card("a", "x", "lamps").likeness(card("b", "x", "rugs"))).isEqualTo(1.0 / 3);
    assertThat(card("a", null, null).likeness(card("b", null, null))).isZero();
  }

  @Test
  void anAttributeIsComparedAsText() {
    ItemCard card = card("a", "x", null);
    assertThat(card.has(Map.of("size", "S", "deep", "12", "lit", "true"))).isTrue();
    assertThat(card.has(Map.of("size", "S", "deep", "13"))).isFalse();
    assertThat(card.has(Map.of("colour", "red"))).isFalse();
    assertThat(card.has(Map.of())).isTrue();
  }
}
