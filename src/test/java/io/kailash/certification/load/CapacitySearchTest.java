package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The capacity is the last step that held before the first that did not. */
class CapacitySearchTest {

  private static final List<LoadOrder.Arrivals> STEPS =
      List.of(
          new LoadOrder.Arrivals(1, 100, 100),
          new LoadOrder.Arrivals(1, 200, 200),
          new LoadOrder.Arrivals(1, 400, 400));

  @TempDir Path folder;

  private static void answer(CapacitySearch search, int step, int count, double millis, int wrong) {
    for (int i = 0; i < count; i++) {
      search.answered(step + 0.5, "classify", millis, i >= wrong);
    }
  }

  @Test
  void aStepWhoseTimesDoNotHoldEndsTheSearch() throws IOException {
    CapacitySearch search = new CapacitySearch(STEPS);
    answer(search, 0, 100, 10, 0);
    answer(search, 1, 200, 499, 0);
    answer(search, 2, 400, 600, 0);

    assertThat(search.over(2.6)).isFalse();
    assertThat(search.found()).isEqualTo(200);
    assertThat(search.over(3.6)).isTrue();
    assertThat(search.found()).isEqualTo(200);

    search.writeTo(folder, folder);
    assertThat(CapacitySearch.foundIn(folder)).hasValue(200);
    assertThat(Files.readString(folder.resolve("steps.csv"), UTF_8))
        .contains("200,1.0,200,0,true,true")
        .contains("400,1.0,400,0,true,false");
  }

  @Test
  void wrongOrMissingAnswersDoNotHold() throws IOException {
    CapacitySearch wrong = new CapacitySearch(STEPS);
    answer(wrong, 0, 100, 10, 1);
    assertThat(wrong.over(1.6)).isTrue();
    assertThat(wrong.found()).isZero();

    CapacitySearch missing = new CapacitySearch(STEPS);
    answer(missing, 0, 90, 10, 0);
    assertThat(missing.over(1.6)).isTrue();
    missing.writeTo(folder, folder);
    assertThat(CapacitySearch.foundIn(folder)).isEmpty();
  }

  @Test
  void theRatesGrowToSixtyTimesTheFirst() {
    List<LoadOrder.Arrivals> steps = CapacitySearch.steps(1000, 3600);

    assertThat(steps).hasSize(20);
    assertThat(steps.get(0).from()).isEqualTo(100);
    assertThat(steps.get(19).from()).isBetween(6_000.0, 7_000.0);
  }
}
