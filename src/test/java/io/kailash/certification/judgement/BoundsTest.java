package io.kailash.certification.judgement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bounds are those of the books, and hold as often as they say. */
class BoundsTest {

  @Test
  void theFewestSamplesOfAPercentileAreThoseOfTheTables() {
    // 0.95^59 < 0.05 < 0.95^58, 0.99^299 < 0.05 < 0.99^298
    assertThat(Bounds.upperRank(58, 0.95)).isEmpty();
    assertThat(Bounds.upperRank(59, 0.95)).isEqualTo(OptionalLong.of(59));
    assertThat(Bounds.upperRank(298, 0.99)).isEmpty();
    assertThat(Bounds.upperRank(299, 0.99)).isEqualTo(OptionalLong.of(299));
    assertThat(Bounds.lowerRank(58, 0.05)).isEmpty();
    assertThat(Bounds.lowerRank(59, 0.05)).isEqualTo(OptionalLong.of(1));
    assertThat(Bounds.upperRank(0, 0.5)).isEmpty();
  }

  @Test
  void upperAndLowerRanksMirrorEachOther() {
    for (int n : new int[] {100, 1000, 12_345}) {
      assertThat(Bounds.lowerRank(n, 0.05).getAsLong())
          .isEqualTo(n + 1 - Bounds.upperRank(n, 0.95).getAsLong());
    }
  }

  @Test
  void theBoundOfAPercentileHoldsAsOftenAsItSays() {
    Random random = new Random(5);
    int held = 0;
    int trials = 4000;
    for (int t = 0; t < trials; t++) {
      double[] sorted = random.doubles(400).sorted().toArray();
      held += sorted[(int) Bounds.upperRank(400, 0.95).getAsLong() - 1] >= 0.95 ? 1 : 0;
    }
    assertThat((double) held / trials).isBetween(0.945, 0.985);
  }

  @Test
  void proportionsHaveTheBoundsOfClopperAndPearson() {
    // 1 - 0.05^(1/n) for none; half the quantile of chi-squared over n for few of many
    assertThat(Bounds.upperProportion(0, 2995))
        .isCloseTo(1 - Math.pow(0.05, 1 / 2995.0), within(1e-9));
    assertThat(Bounds.upperProportion(5, 100_000)).isCloseTo(21.026 / 2 / 100_000, within(2e-8));
    assertThat(Bounds.lowerProportion(10, 10)).isCloseTo(Math.pow(0.05, 0.1), within(1e-9));
    assertThat(Bounds.upperProportion(7, 7)).isEqualTo(1);
    assertThat(Bounds.lowerProportion(0, 7)).isZero();
  }

  @Test
  void aMeanHasTheBoundOfStudent() {
    // t(0.95, 9) = 1.8331
    assertThat(Bounds.halfWidth(2, 10)).isCloseTo(1.8331 * 2 / Math.sqrt(10), within(1e-4));
    assertThat(Bounds.halfWidth(2, 1)).isNaN();
  }

  @Test
  void aStraightLineHasItsRiseAndNoDoubt() {
    Bounds.Trend trend = Bounds.trend(new double[] {1, 2, 3, 4, 5});
    assertThat(trend.rise()).isCloseTo(4, within(1e-12));
    assertThat(trend.halfWidth()).isCloseTo(0, within(1e-12));
    // Least squares of 1, 3, 2, 4: slope 0.8, standard error 0.4243, t(0.95, 2) = 2.9200
    Bounds.Trend rough = Bounds.trend(new double[] {1, 3, 2, 4});
    assertThat(rough.rise()).isCloseTo(2.4, within(1e-9));
    assertThat(rough.halfWidth()).isCloseTo(3 * 2.92 * Math.sqrt(0.18), within(1e-3));
  }
}
