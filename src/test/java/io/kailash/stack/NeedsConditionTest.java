package io.kailash.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

class NeedsConditionTest {

  private static final List<String> LINES = new CopyOnWriteArrayList<>();

  private static final NeedsCondition WITHOUT_CHROMA =
      new NeedsCondition(
          Map.of(
              "chroma",
              () -> Optional.of("Node.js (node) is not on the path"),
              "browser",
              Optional::empty),
          () -> "",
          line -> {});

  @Test
  void absentNeedSkipsWithNameAndReason() {
    assertThat(WITHOUT_CHROMA.missing("chroma", "SomeIT", ""))
        .contains("needs chroma: Node.js (node) is not on the path");
    assertThat(WITHOUT_CHROMA.missing("chroma", "SomeIT", "browser"))
        .contains("needs chroma: Node.js (node) is not on the path");
  }

  @Test
  void presentNeedDoesNotSkip() {
    assertThat(WITHOUT_CHROMA.missing("browser", "SomeIT", "browser,chroma")).isEmpty();
  }

  @Test
  void requiredAbsentNeedFailsWithNameAndReason() {
    assertThatThrownBy(() -> WITHOUT_CHROMA.missing("chroma", "SomeIT", "chroma,browser"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "SomeIT needs chroma: Node.js (node) is not on the path (and kailash.require asks for"
                + " it)");
  }

  @Test
  void unknownNamesAreRefused() {
    assertThatThrownBy(() -> WITHOUT_CHROMA.missing("browser", "SomeIT", "crhoma"))
        .hasMessageContaining("kailash.require=crhoma is wrong");
    assertThatThrownBy(() -> WITHOUT_CHROMA.missing("gpu", "SomeIT", ""))
        .hasMessageContaining("SomeIT needs the unknown gpu");
  }

  @Test
  void skippedTestDoesNotRunAndRequiredOneFails() {
    TestExecutionSummary skipped = run(ATestThatNeedsWhatIsNotHere.class);
    TestExecutionSummary failed = run(ATestThatMustHaveWhatIsNotHere.class);

    assertThat(skipped.getTestsSkippedCount()).isEqualTo(1);
    assertThat(skipped.getTestsFailedCount()).isZero();
    assertThat(LINES)
        .containsExactly(
            "SKIPPED ATestThatNeedsWhatIsNotHere.mustNotRun: needs the-impossible: it is not to be"
                + " had");
    assertThat(failed.getTestsSkippedCount()).isZero();
    assertThat(failed.getFailures())
        .singleElement()
        .satisfies(
            failure -> assertThat(failure.getException()).hasMessageContaining("not to be had"));
  }

  /** Not a test by its name: run by the test above. */
  static class ATestThatNeedsWhatIsNotHere {
    @RegisterExtension
    static final NeedsCondition CONDITION =
        new NeedsCondition(
            Map.of("the-impossible", () -> Optional.of("it is not to be had")),
            () -> "",
            LINES::add);

    @Test
    @Needs("the-impossible")
    void mustNotRun() {
      throw new AssertionError("it ran");
    }
  }

  /** Not a test by its name: run by the test above. */
  static class ATestThatMustHaveWhatIsNotHere {
    @RegisterExtension
    static final NeedsCondition CONDITION =
        new NeedsCondition(
            Map.of("the-impossible", () -> Optional.of("it is not to be had")),
            () -> "the-impossible",
            LINES::add);

    @Test
    @Needs("the-impossible")
    void mustNotRun() {
      throw new AssertionError("it ran");
    }
  }

  private static TestExecutionSummary run(Class<?> tests) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build();
    LauncherFactory.create().execute(request, listener);
    return listener.getSummary();
  }
}
