package io.kailash.recommendation.sources;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.recommendation.model.WeightedItem;
import io.kailash.recommendation.sources.Found.Why;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NeighboursTest {
  private static Found found(String sku, double score, String because) {
    return new Found(sku, score, because, Why.SIMILAR);
  }

  private static final List<WeightedItem> HISTORY =
      List.of(new WeightedItem("a", 1), new WeightedItem("b", 0.5));

  @Test
  void scoresAreSummedOverTheHistoryAndTheStrongestIsTheReason() {
    List<Found> sum =
        Neighbours.sum(
            HISTORY,
            Map.of(
                "a", List.of(found("x", 0.2, "a"), found("y", 0.5, "a")),
                "b", List.of(found("x", 0.9, "b"), found("z", -1, "b"))),
            10);
    assertThat(sum)
        .extracting(Found::sku, Found::because)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("x", "b"),
            org.assertj.core.groups.Tuple.tuple("y", "a"));
    assertThat(sum.get(0).score()).isEqualTo(0.65);
  }

  @Test
  void onlyWhatIsMissingIsAsked() throws Exception {
    Neighbours neighbours = new Neighbours(100);
    List<List<String>> asked = new ArrayList<>();
    Neighbours.Store store =
        skus -> {
          asked.add(skus);
          return Map.of("a", List.of(found("x", 1, "a")));
        };
    assertThat(neighbours.known(HISTORY, 5)).isEmpty();
    neighbours.of(List.of(HISTORY.get(0)), 5, store);
    assertThat(neighbours.of(HISTORY, 5, store)).extracting(Found::sku).containsExactly("x");
    assertThat(asked).containsExactly(List.of("a"), List.of("b"));
    assertThat(neighbours.known(HISTORY, 5)).isPresent();
  }
}
