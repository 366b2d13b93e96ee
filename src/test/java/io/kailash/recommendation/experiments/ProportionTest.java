package io.kailash.recommendation.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kailash.recommendation.experiments.Experiment.Arm;
import io.kailash.recommendation.experiments.Proportion.Interval;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ProportionTest {
  private static final Offset<Double> CLOSE = within(5e-5);
  private static final List<Arm> ARMS =
      List.of(new Arm("control", "popular", 0.3), new Arm("trial", "fused", 0.7));

  /** Newcombe 1998, 'Interval estimation for the difference', table II, case (a), method 10. */
  @Test
  void theIntervalsAreThoseOfThePublishedExample() {
    Interval difference = new Proportion(56, 70).differenceTo(new Proportion(48, 80), 1.959964);
    assertThat(difference.low()).isCloseTo(0.0524, CLOSE);
    assertThat(difference.high()).isCloseTo(0.3339, CLOSE);
  }

  /** Newcombe 1998, 'Two-sided confidence intervals for the single proportion', table I. */
  @Test
  void wilsonsIntervalIsThatOfThePublishedExample() {
    Interval interval = new Proportion(81, 263).interval(1.959964);
    assertThat(interval.low()).isCloseTo(0.2553, CLOSE);
    assertThat(interval.high()).isCloseTo(0.3662, CLOSE);
    Interval few = new Proportion(1, 29).interval(1.959964);
    assertThat(few.low()).isCloseTo(0.0061, CLOSE);
    assertThat(few.high()).isCloseTo(0.1718, CLOSE);
  }

  @Test
  void nothingAndAllStayWithinZeroAndOne() {
    assertThat(new Proportion(0, 20).interval(1.959964).low()).isZero();
    assertThat(new Proportion(0, 20).interval(1.959964).high()).isCloseTo(0.1611, CLOSE);
    assertThat(new Proportion(20, 20).interval(1.959964).high()).isEqualTo(1);
    assertThat(new Proportion(0, 0).interval(1.959964)).isEqualTo(new Interval(0, 1));
    assertThat(new Proportion(0, 0).share()).isZero();
    assertThatThrownBy(() -> new Proportion(2, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static java.util.Optional<String> winner(Proportion control, Proportion trial) {
    return Experiments.winner(
        Experiments.results(ARMS, Map.of("control", control, "trial", trial), Experiments.Z),
        Experiments.Z_OF_A_LOOK);
  }

  @Test
  void aWinnerIsNamedOnlyBeyondDoubtAndWithEnoughUsers() {
    assertThat(winner(new Proportion(100, 1_000), new Proportion(200, 1_000))).hasValue("trial");
    assertThat(winner(new Proportion(200, 1_000), new Proportion(100, 1_000))).hasValue("control");
    // Beyond 1.96 standard errors, but not beyond those of repeated looks.
    assertThat(winner(new Proportion(100, 1_000), new Proportion(130, 1_000))).isEmpty();
    assertThat(winner(new Proportion(0, 99), new Proportion(99, 99))).isEmpty();
    assertThat(winner(new Proportion(0, 100), new Proportion(100, 100))).hasValue("trial");
    assertThat(winner(new Proportion(0, 0), new Proportion(0, 0))).isEmpty();
  }

  @Test
  void theFirstArmIsWhatTheOthersAreComparedWith() {
    List<Experiments.Result> results =
        Experiments.results(ARMS, Map.of("trial", new Proportion(5, 10)), Experiments.Z);
    assertThat(results.get(0).better()).isNull();
    assertThat(results.get(0).users()).isZero();
    assertThat(results.get(1).better().low()).isLessThan(0);
  }

  private static Experiment experiment(long id) {
    return new Experiment(
        id, "e", "running", ARMS, "clicked", false, Instant.EPOCH, "x", null, null, null);
  }

  @Test
  void usersAreSpreadAsTheSharesSayAndIndependentlyOfOtherExperiments() {
    int trial = 0;
    int both = 0;
    for (int user = 0; user < 20_000; user++) {
      boolean here = experiment(1).armOf("user-" + user).name().equals("trial");
      boolean there = experiment(2).armOf("user-" + user).name().equals("trial");
      assertThat(experiment(1).armOf("user-" + user).name().equals("trial")).isEqualTo(here);
      trial += here ? 1 : 0;
      both += here && there ? 1 : 0;
    }
    assertThat(trial / 20_000.0).isCloseTo(0.7, within(0.015));
    assertThat(both / 20_000.0).isCloseTo(0.49, within(0.015));
  }
}
