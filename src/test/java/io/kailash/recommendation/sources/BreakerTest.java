package io.kailash.recommendation.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private final AtomicLong nanos = new AtomicLong(1_000);
  private final Breaker breaker = new Breaker(PAUSE, nanos::get);

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed();
    }
  }

  private void succeed(int times) {
    for (int i = 0; i < times; i++) {
      breaker.succeeded();
    }
  }

  private void open() {
    fail(Breaker.LEAST);
    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void fewFailuresOpenNothing() {
    fail(Breaker.LEAST - 1);
    assertThat(breaker.lets()).isTrue();
    fail(1);
    assertThat(breaker.lets()).isFalse();
  }

  @Test
  void itOpensAtHalfAndNotBelow() {
    succeed(11);
    fail(9);
    assertThat(breaker.isOpen()).isFalse();
    fail(1);
    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void onlyTheLastCallsCount() {
    succeed(1_000);
    fail(9);
    assertThat(breaker.isOpen()).isFalse();
    fail(1);
    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void afterThePauseOneIsLetThroughToTry() {
    open();
    nanos.addAndGet(PAUSE.toNanos() - 1);
    assertThat(breaker.lets()).isFalse();
    nanos.addAndGet(1);
    assertThat(breaker.lets()).isTrue();
    assertThat(breaker.lets()).isFalse();
  }

  @Test
  void aTrialThatFailsOpensItAgainForAPause() {
    open();
    nanos.addAndGet(PAUSE.toNanos());
    assertThat(breaker.lets()).isTrue();
    breaker.failed();
    assertThat(breaker.lets()).isFalse();
    nanos.addAndGet(PAUSE.toNanos());
    assertThat(breaker.lets()).isTrue();
  }

  @Test
  void aTrialThatSucceedsClosesItWithACleanRecord() {
    open();
    nanos.addAndGet(PAUSE.toNanos());
    assertThat(breaker.lets()).isTrue();
    breaker.succeeded();
    assertThat(breaker.lets()).isTrue();
    fail(Breaker.LEAST - 2);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void aTrialThatNeverTellsDoesNotKeepItOpenForEver() {
    open();
    nanos.addAndGet(PAUSE.toNanos());
    assertThat(breaker.lets()).isTrue();
    nanos.addAndGet(5 * PAUSE.toNanos());
    assertThat(breaker.lets()).isTrue();
  }
}
