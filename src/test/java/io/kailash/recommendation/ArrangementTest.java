package io.kailash.recommendation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class ArrangementTest {
  private static final float[] NO_SHARES = {};

  private static Candidate candidate(String sku, double score) {
    return new Candidate(sku, score, null, null, null, NO_SHARES);
  }

  private static final List<Candidate> FOUR =
      List.of(
          candidate("lamp-1", 1),
          candidate("lamp-2", 0.9),
          candidate("lamp-3", 0.8),
          candidate("rug-1", 0.6));

  private static final ToDoubleBiFunction<Candidate, Candidate> SAME_SHELF =
      (a, b) -> a.sku().charAt(0) == b.sku().charAt(0) ? 1 : 0;

  private static List<String> skus(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::sku).toList();
  }

  @Test
  void withoutDiversityTheOrderStays() {
    assertThat(skus(Arrangement.diverse(FOUR, Candidate::score, 3, 0, SAME_SHELF)))
        .containsExactly("lamp-1", "lamp-2", "lamp-3");
  }

  @Test
  void whatIsLikeWhatWasChosenComesLater() {
    assertThat(skus(Arrangement.diverse(FOUR, Candidate::score, 4, 0.3, SAME_SHELF)))
        .containsExactly("lamp-1", "rug-1", "lamp-2", "lamp-3");
    // 0.8 · 0.9 − 0.2 is more than 0.8 · 0.6: a little diversity does not turn them round.
    assertThat(skus(Arrangement.diverse(FOUR, Candidate::score, 2, 0.2, SAME_SHELF)))
        .containsExactly("lamp-1", "lamp-2");
  }

  @Test
  void theBestComesFirstEvenWithDiversityAlone() {
    assertThat(skus(Arrangement.diverse(FOUR, Candidate::score, 2, 1, SAME_SHELF)))
        .containsExactly("lamp-1", "rug-1");
  }

  @Test
  void nothingAndScoresOfZeroAreFine() {
    assertThat(Arrangement.diverse(List.<Candidate>of(), Candidate::score, 5, 0.5, SAME_SHELF))
        .isEmpty();
    assertThat(
            Arrangement.diverse(
                List.of(candidate("a", 0), candidate("b", 0)),
                Candidate::score,
                5,
                0.5,
                (a, b) -> 0))
        .hasSize(2);
  }

  private static List<Candidate> many() {
    List<Candidate> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      many.add(candidate("c-" + i, 1.0 / (i + 1)));
    }
    return many;
  }

  @Test
  void explorationNeverTakesTheFirstPlaceAndLosesNobody() {
    int lifted = 0;
    for (int seed = 0; seed < 2_000; seed++) {
      List<Candidate> order = Arrangement.exploring(many(), 10, 0.1, seed);
      assertThat(order.get(0).sku()).isEqualTo("c-0");
      assertThat(new HashSet<>(order)).hasSize(40);
      Set<String> first = Set.copyOf(skus(many().subList(0, 10)));
      lifted += (int) order.subList(0, 10).stream().filter(c -> !first.contains(c.sku())).count();
    }
    // Nine places with a chance of a tenth each; one that is lifted may push another out again.
    assertThat(lifted / 2_000.0).isBetween(0.7, 0.95);
  }

  @Test
  void theSameSeedGivesTheSameOrderAndAShareOfZeroChangesNothing() {
    assertThat(Arrangement.exploring(many(), 10, 0.5, 7))
        .isEqualTo(Arrangement.exploring(many(), 10, 0.5, 7))
        .isNotEqualTo(Arrangement.exploring(many(), 10, 0.5, 8));
    assertThat(Arrangement.exploring(many(), 10, 0, 7)).isEqualTo(many());
    assertThat(Arrangement.exploring(many().subList(0, 10), 10, 1, 7))
        .isEqualTo(many().subList(0, 10));
  }
}
