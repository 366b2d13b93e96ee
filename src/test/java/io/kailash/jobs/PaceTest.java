package io.kailash.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void whatWasDoneByFormerRunsDoesNotCount() {
    Pace pace = new Pace(START, 1_000);
    assertThat(pace.perSecond(START, 1_000)).isNull();
    assertThat(pace.perSecond(START.plusSeconds(2), 1_100)).isEqualTo(50);
  }

  @Test
  void onlyTheLastSecondsCount() {
    Pace pace = new Pace(START, 0);
    for (int second = 1; second <= 60; second++) {
      pace.perSecond(START.plusSeconds(second), second * 10L);
    }
    Double rate = pace.perSecond(START.plusSeconds(70), 600 + 1_000);
    assertThat(rate).isEqualTo(100);
  }
}
