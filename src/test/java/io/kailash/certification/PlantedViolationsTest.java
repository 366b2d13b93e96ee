package io.kailash.certification;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.certification.judgement.EvidenceValidator;
import io.kailash.certification.judgement.PerformanceValidator;
import io.kailash.certification.judgement.Verdict;
import io.kailash.certification.judgement.Verdict.Word;
import io.kailash.certification.results.Evidence;
import io.kailash.certification.results.Evidence.Measurement;
import io.kailash.certification.results.Run;
import io.kailash.certification.results.UnreadableException;
import io.kailash.certification.targets.Criterion;
import io.kailash.certification.targets.Scenarios;
import io.kailash.certification.targets.Target;
import io.kailash.certification.targets.Target.Judged;
import io.kailash.certification.targets.Targets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every criterion of every gate passes where it should and turns red where it should. */
class PlantedViolationsTest {
  private static final Path JMETER = Path.of("jmeter");
  private static final Scenarios SCENARIOS = Scenarios.read(JMETER);
  private static final Targets TARGETS = Targets.read(JMETER, SCENARIOS);
  private static final PerformanceValidator BY_RUN =
      new PerformanceValidator(TARGETS, SCENARIOS, 1);
  private static final Instant NOW = Instant.parse("2026-03-02T00:00:00Z");

  @TempDir Path folder;
  private int written;

  static Stream<Arguments> byLoad() {
    return criteria(true);
  }

  static Stream<Arguments> byEvidence() {
    return criteria(false);
  }

  private static Stream<Arguments> criteria(boolean byLoad) {
    return TARGETS.gates().keySet().stream()
        .flatMap(gate -> TARGETS.criteria(gate).stream())
        .filter(criterion -> (criterion.target().judged() == Judged.LOAD) == byLoad)
        .map(c -> Arguments.of("gate " + c.use().gate() + " " + c.id(), c));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("byLoad")
  void aViolationTurnsTheCriterionRed(String name, Criterion criterion) throws UnreadableException {
    Planted planted =
        Planted.of(
            criterion.target(), SCENARIOS.byId().get(criterion.use().scenario().orElseThrow()));
    assertThat(word(criterion, planted, planted.good()))
        .as("%s", planted.good())
        .isEqualTo(Word.PASS);
    assertThat(word(criterion, planted, planted.justGood()))
        .as("%s", planted.justGood())
        .isEqualTo(Word.PASS);
    assertThat(word(criterion, planted, planted.justBad()))
        .as("%s", planted.justBad())
        .isEqualTo(Word.FAIL);
    assertThat(word(criterion, planted, planted.bad()))
        .as("%s", planted.bad())
        .isEqualTo(Word.FAIL);
  }

  private Word word(Criterion criterion, Planted planted, double value) throws UnreadableException {
    Path in = planted.measuring().apply(value).in(folder.resolve("run-" + written++));
    Verdict verdict = judged(criterion, in);
    if (verdict.word() != Word.PASS && verdict.word() != Word.FAIL) {
      throw new AssertionError(verdict.toString());
    }
    return verdict.word();
  }

  private static Verdict judged(Criterion criterion, Path in) throws UnreadableException {
    return BY_RUN.judge(
        criterion,
        Run.read(in, PerformanceValidator.inTime(TARGETS), Set.of("stream")),
        SyntheticRun.BUILD);
  }

  /**
   * The same noise that hides in a short run whether a tenth is off cannot hide it in a long one.
   */
  @Test
  void aTenthThatMayBeOffByChanceIsNoViolationAndNoPass() throws Exception {
    assertThat(withOneTenthOffBy(0.163, 40)).isEqualTo(Word.INSUFFICIENT_DATA);
    assertThat(withOneTenthOffBy(0.163, 40_000)).isEqualTo(Word.FAIL);
    assertThat(withOneTenthOffBy(0.14, 40)).isEqualTo(Word.INSUFFICIENT_DATA);
    assertThat(withOneTenthOffBy(0.14, 40_000)).isEqualTo(Word.PASS);
    assertThat(withOneTenthOffBy(0.5, 40)).isEqualTo(Word.FAIL);
    assertThat(withOneTenthOffBy(0.02, 40)).isEqualTo(Word.PASS);
    assertThat(withOneTenthOffBy(0.02, 19)).isEqualTo(Word.INSUFFICIENT_DATA);
  }

  private Word withOneTenthOffBy(double off, int seconds) throws Exception {
    Criterion criterion =
        TARGETS.criteria(1).stream()
            .filter(one -> one.target().id().equals("consistency.resources.cpu"))
            .findFirst()
            .orElseThrow();
    SyntheticRun run =
        new SyntheticRun(SCENARIOS.byId().get(criterion.use().scenario().orElseThrow()))
            .noResources()
            .spread("classify", 400, seconds * 1000.0, 5);
    for (int i = 0; i < seconds; i++) {
      double tenth = i * 10 / seconds == 0 ? 1 + off : 1 - off / 9;
      double noise = i % 2 == 0 ? 1.1 : 0.9;
      run.resourceAt("service", i, 0.3 * tenth * noise, 1e9, 3e8, 0.5);
    }
    return judged(criterion, run.in(folder.resolve("noisy-" + written++))).word();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("byEvidence")
  void aViolationInEvidenceTurnsTheCriterionRed(String name, Criterion criterion) {
    Target target = criterion.target();
    double v = target.value();
    double hair = Math.max(1e-9, Math.abs(v) * 1e-9);
    switch (target.direction()) {
      case IS -> {
        assertThat(byEvidence(target, 1, 1)).isEqualTo(Word.PASS);
        assertThat(byEvidence(target, 1, 0)).isEqualTo(Word.FAIL);
      }
      case AT_MOST -> {
        assertThat(byEvidence(target, v, v)).isEqualTo(Word.PASS);
        assertThat(byEvidence(target, v, v + hair)).isEqualTo(Word.FAIL);
      }
      case BELOW -> {
        assertThat(byEvidence(target, v - hair, v - hair)).isEqualTo(Word.PASS);
        assertThat(byEvidence(target, v - hair, v)).isEqualTo(Word.FAIL);
      }
      case AT_LEAST -> {
        assertThat(byEvidence(target, v, v)).isEqualTo(Word.PASS);
        assertThat(byEvidence(target, v, v - hair)).isEqualTo(Word.FAIL);
      }
      default -> throw new AssertionError("no drill shows " + target.direction());
    }
    assertThat(
            new EvidenceValidator(List.of(), NOW, Duration.ofDays(30))
                .judge(target, SyntheticRun.BUILD)
                .word())
        .isEqualTo(Word.NOT_RUN);
  }

  private static Word byEvidence(Target target, double... values) {
    List<Double> all = new ArrayList<>();
    for (double value : values) {
      all.add(value);
    }
    Evidence evidence =
        new Evidence(
            Path.of("drill.json"),
            "b".repeat(64),
            target.drill().orElseThrow(),
            SyntheticRun.BUILD,
            NOW.minusSeconds(100),
            NOW.minusSeconds(50),
            List.of(new Measurement(target.id(), all, target.unit(), "")),
            List.of());
    return new EvidenceValidator(List.of(evidence), NOW, Duration.ofDays(30))
        .judge(target, SyntheticRun.BUILD)
        .word();
  }
}
