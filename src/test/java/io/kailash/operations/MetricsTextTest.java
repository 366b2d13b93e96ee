package io.kailash.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTextTest {
  @Test
  void aSampleThatComesTwiceIsKeptOnceAndItsNamesakesStandTogether() {
    String ordered =
        MetricsText.inOrder(
            """
            # TYPE gc_total counter
            # HELP gc_total Collections.
            gc_total{name="young gen"} 3.0
            # TYPE mine gauge
            mine 1
            gc_total{name="young gen"} 4.0
            gc_total{name="old gen"} 0.0
            """);
    assertThat(ordered)
        .isEqualTo(
            """
            # HELP gc_total Collections.
            # TYPE gc_total counter
            gc_total{name="young gen"} 3.0
            gc_total{name="old gen"} 0.0
            # TYPE mine gauge
            mine 1
            """);
  }

  @Test
  void aHistogramIsWholeAndItsMeanAndMaximumInNanosecondsAreLeftOut() {
    String ordered =
        MetricsText.inOrder(
            """
            # TYPE took_seconds_mean gauge
            took_seconds_mean{a="1"} 1596712.6
            # TYPE took_seconds_max gauge
            took_seconds_max{a="1"} 9028981.0
            # TYPE took_seconds histogram
            took_seconds_bucket{a="1",le="+Inf"} 8.0
            took_seconds_count{a="1"} 8.0
            took_seconds_sum{a="1"} 0.013
            took_seconds_mean{a="2"} 1.0E8
            took_seconds_max{a="2"} 8.2E8
            took_seconds_bucket{a="2",le="+Inf"} 1.0
            took_seconds_count{a="2"} 1.0
            took_seconds_sum{a="2"} 0.1
            """);
    assertThat(ordered)
        .isEqualTo(
            """
            # TYPE took_seconds histogram
            took_seconds_bucket{a="1",le="+Inf"} 8.0
            took_seconds_count{a="1"} 8.0
            took_seconds_sum{a="1"} 0.013
            took_seconds_bucket{a="2",le="+Inf"} 1.0
            took_seconds_count{a="2"} 1.0
            took_seconds_sum{a="2"} 0.1
            """);
    assertThat(PrometheusText.parse(ordered).names()).hasSize(3);
  }

  @Test
  void aMaximumThatBelongsToNoTimerIsKept() {
    String page = "# TYPE wait_seconds_max gauge\nwait_seconds_max 2.0\n";
    assertThat(MetricsText.inOrder(page)).isEqualTo(page);
  }
}
