package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StoreTimingsTest {
  private final StoreTimings timings = new StoreTimings();

  @Test
  void nothingRecordedIsNoHistogram() {
    assertThat(timings.page()).isEmpty();
  }

  @Test
  void aDurationIsInTheBucketOfItsBoundAndInAllAbove() {
    timings.record("redis", "ping", Duration.ofMillis(1));
    timings.record("redis", "ping", Duration.ofNanos(1_000_001));
    timings.record("redis", "ping", Duration.ofSeconds(11));
    assertThat(buckets())
        .containsExactly(0L, 0L, 1L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 3L);
    String labels = "{mp_scope=\"application\",operation=\"ping\",store=\"redis\"";
    assertThat(timings.page().lines())
        .contains("# TYPE kailash_store_operation_seconds histogram")
        .contains("kailash_store_operation_seconds_bucket" + labels + ",le=\"+Inf\"} 3")
        .contains("kailash_store_operation_seconds_count" + labels + "} 3")
        .contains("kailash_store_operation_seconds_sum" + labels + "} 11.002000001");
  }

  /** Prometheus computes nonsense from a bucket that is smaller than one below it. */
  @Test
  void bucketsRiseAlsoWhileOthersCount() throws Exception {
    CountDownLatch counting = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              for (int i = 0; i < 2_000_000; i++) {
                timings.record("redis", "ping", Duration.ofMillis(i % 12));
                counting.countDown();
              }
            });
    other.start();
    counting.await();
    do {
      List<Long> buckets = buckets();
      assertThat(buckets).isSorted();
    } while (other.isAlive());
    assertThat(buckets()).endsWith(2_000_000L);
  }

  private List<Long> buckets() {
    return timings
        .page()
        .lines()
        .filter(line -> line.startsWith("kailash_store_operation_seconds_bucket{"))
        .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .toList();
  }
}
