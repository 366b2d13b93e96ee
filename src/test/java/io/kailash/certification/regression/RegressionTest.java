package io.kailash.certification.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.certification.regression.Regression.Comparison;
import io.kailash.certification.regression.Regression.Outcome;
import io.kailash.certification.regression.Regression.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A slower build is told from the same build, and neither is guessed at. */
class RegressionTest {
  private static final Budgets BUDGETS = new Budgets(0.05, 0.03, 0.1);

  /** Pairs that share the weather of their time, and have some of their own. */
  private static Result compare(int pairs, double slower, double noise, long seed) {
    Random random = new Random(seed);
    List<Segment> baseline = new ArrayList<>();
    List<Segment> candidate = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      double weather = Math.exp(0.15 * random.nextGaussian());
      baseline.add(segment(weather * Math.exp(noise * random.nextGaussian()), 0));
      candidate.add(segment(weather * slower * Math.exp(noise * random.nextGaussian()), 0));
    }
    return new Regression(BUDGETS, 7).compare(baseline, candidate);
  }

  private static Segment segment(double factor, long wrong) {
    return new Segment(Map.of("classify", 20 * factor), 1000, Map.of("cpu", 0.4), 10_000, wrong);
  }

  private static Comparison time(Result result) {
    return result.comparisons().get(0);
  }

  @Test
  void aSlowdownOfATenthIsFound() {
    int found = 0;
    for (long seed = 0; seed < 20; seed++) {
      found += compare(10, 1.1, 0.02, seed).outcome() == Outcome.FAIL ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(19);
  }

  @Test
  void theSameBuildIsNotToldApartFromItself() {
    int alarms = 0;
    int passed = 0;
    for (long seed = 0; seed < 200; seed++) {
      Outcome outcome = compare(10, 1, 0.02, 1000 + seed).outcome();
      alarms += outcome == Outcome.FAIL ? 1 : 0;
      passed += outcome == Outcome.PASS ? 1 : 0;
    }
    assertThat(alarms).isZero();
    assertThat(passed).isGreaterThan(190);
  }

  @Test
  void whatLiesOnTheBudgetPassesAtMostAsOftenAsTheBoundAllows() {
    int decided = 0;
    for (long seed = 0; seed < 200; seed++) {
      decided += time(compare(10, 1.05, 0.02, 5000 + seed)).outcome() == Outcome.PASS ? 1 : 0;
    }
    // 5 % of 200, and three standard deviations more.
    assertThat(decided).isLessThanOrEqualTo(19);
  }

  @Test
  void whatCannotBeToldSaysHowManyMorePairsWouldTell() {
    Comparison open = time(compare(8, 1.03, 0.05, 3));
    assertThat(open.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(open.more()).isPositive();
    int enough = 8 + 4 * open.more();
    assertThat(time(compare(enough, 1.03, 0.05, 4)).outcome()).isEqualTo(Outcome.PASS);
    assertThat(compare(4, 1, 0.01, 1).more()).isEqualTo(2);
    assertThat(new Regression(BUDGETS, 7).compare(List.of(), List.of()).outcome())
        .isEqualTo(Outcome.INCONCLUSIVE);
  }

  @Test
  void eachBudgetHasItsLimitAndItsSign() {
    List<Segment> baseline = new ArrayList<>();
    List<Segment> within = new ArrayList<>();
    List<Segment> beyond = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      baseline.add(new Segment(Map.of("a", 100.0), 1000, Map.of("cpu", 1.0), 1000, 1));
      within.add(new Segment(Map.of("a", 104.999), 970.001, Map.of("cpu", 1.0999), 1000, 1));
      beyond.add(new Segment(Map.of("a", 105.001), 969.999, Map.of("cpu", 1.1001), 1000, 4));
    }
    Regression regression = new Regression(BUDGETS, 7);
    assertThat(regression.compare(baseline, within).comparisons())
        .extracting(Comparison::outcome)
        .containsOnly(Outcome.PASS);
    assertThat(regression.compare(baseline, beyond).comparisons())
        .extracting(Comparison::outcome)
        .containsOnly(Outcome.FAIL);
    assertThat(regression.compare(beyond, baseline).outcome()).isEqualTo(Outcome.PASS);
  }

  @Test
  void oneMoreErrorIsNotYetProof() {
    List<Segment> baseline = new ArrayList<>();
    List<Segment> candidate = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      baseline.add(segment(1, 0));
      candidate.add(segment(1, i == 0 ? 1 : 0));
    }
    Result result = new Regression(BUDGETS, 7).compare(baseline, candidate);
    assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    // Five of five in one of two equal parts: 1 in 32.
    assertThat(result.more()).isEqualTo(4 * 6);
  }

  @Test
  void whatIsNoPairIsRefused() {
    Regression regression = new Regression(BUDGETS, 7);
    assertThatThrownBy(() -> regression.compare(List.of(segment(1, 0)), List.of()))
        .hasMessageContaining("1 segments");
    assertThatThrownBy(
            () ->
                regression.compare(
                    List.of(segment(1, 0)),
                    List.of(new Segment(Map.of(), 1, Map.of("cpu", 1.0), 1, 0))))
        .hasMessageContaining("classify");
    assertThatThrownBy(() -> regression.compare(List.of(segment(0, 0)), List.of(segment(1, 0))))
        .hasMessageContaining("above nought");
  }
}
