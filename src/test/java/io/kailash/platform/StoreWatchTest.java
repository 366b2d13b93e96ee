package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StoreWatchTest {
  private static final WatchSettings CLOSENESS =
      new WatchSettings(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(15));

  private final AtomicLong nanos = new AtomicLong(1_000);
  private final AtomicLong recorded = new AtomicLong();

  private static final class FakeProbe implements StoreProbe {
    private final String store;
    Callable<Map<String, String>> answer = Map::of;
    int reached;
    boolean closed;

    FakeProbe(String store) {
      this.store = store;
    }

    @Override
    public String store() {
      return store;
    }

    @Override
    public Map<String, String> ask() throws Exception {
      return answer.call();
    }

    @Override
    public void reached() {
      reached++;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private StoreWatch watch(FakeProbe... probes) {
    return new StoreWatch(
        List.of(probes),
        CLOSENESS,
        nanos::get,
        (store, operation, took) -> recorded.addAndGet(took.toMillis()));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void beforeTheFirstAnswerAStoreDoesNotCountAsReachable() {
    StoreState state = watch(new FakeProbe("redis")).state("redis");
    assertThat(state.reachable()).isFalse();
    assertThat(state.trouble()).contains("has not been asked yet");
  }

  @Test
  void anAnswerMakesItReachableWithAgeDurationAndDetails() {
    FakeProbe probe = new FakeProbe("postgresql");
    probe.answer =
        () -> {
          pass(Duration.ofMillis(7));
          return Map.of("migrations", "done");
        };
    StoreWatch watch = watch(probe);
    watch.askAll();
    pass(Duration.ofMillis(300));

    StoreState state = watch.systemOfRecord();
    assertThat(state.reachable()).isTrue();
    assertThat(state.trouble()).isEmpty();
    assertThat(state.took()).isEqualTo(Duration.ofMillis(7));
    assertThat(state.age()).isEqualTo(Duration.ofMillis(300));
    assertThat(state.details()).containsEntry("migrations", "done");
    assertThat(recorded).hasValue(7);
  }

  @Test
  void anAnswerThatGetsTooOldProvesNothing() {
    StoreWatch watch = watch(new FakeProbe("redis"));
    watch.askAll();
    pass(Duration.ofSeconds(15));
    assertThat(watch.state("redis").reachable()).isTrue();
    pass(Duration.ofMillis(1));
    assertThat(watch.state("redis").reachable()).isFalse();
    assertThat(watch.state("redis").trouble()).contains("has not been asked for 15001 ms");
  }

  @Test
  void aStoreThatHangsIsDownAfterTheTimeoutWhileOthersStayUp() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    FakeProbe hanging = new FakeProbe("neo4j");
    FakeProbe good = new FakeProbe("redis");
    StoreWatch watch = watch(hanging, good);
    watch.askAll();
    assertThat(watch.state("neo4j").reachable()).isTrue();
    hanging.answer =
        () -> {
          asked.countDown();
          release.await();
          return Map.of();
        };
    Thread thread = new Thread(watch::askAll);
    thread.start();
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

    pass(Duration.ofSeconds(2));
    assertThat(watch.state("neo4j").reachable()).isTrue();
    pass(Duration.ofMillis(1));
    assertThat(watch.state("neo4j").reachable()).isFalse();
    assertThat(watch.state("neo4j").trouble()).contains("has not answered for 2001 ms");
    assertThat(watch.state("redis").reachable()).isTrue();

    release.countDown();
    thread.join(30_000);
    assertThat(watch.state("neo4j").reachable()).isTrue();
  }

  @Test
  void everyStoreIsAskedOnAThreadOfItsOwn() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch twice = new CountDownLatch(2);
    FakeProbe hanging = new FakeProbe("neo4j");
    hanging.answer =
        () -> {
          release.await();
          return Map.of();
        };
    FakeProbe good = new FakeProbe("redis");
    good.answer =
        () -> {
          twice.countDown();
          return Map.of();
        };
    StoreWatch watch =
        new StoreWatch(
            List.of(hanging, good),
            new WatchSettings(Duration.ofMillis(1), Duration.ofSeconds(2), Duration.ofSeconds(15)),
            System::nanoTime,
            (store, operation, took) -> {});
    watch.start(Thread::new);
    try {
      assertThat(twice.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      release.countDown();
      watch.close();
    }
    assertThat(good.closed).isTrue();
  }

  @Test
  void whatIsToldAboutAFailureNamesNoAddressAndNoClass() {
    FakeProbe probe = new FakeProbe("redis");
    StoreWatch watch = watch(probe);
    Map<Exception, String> told =
        Map.of(
            new StoreTrouble("lacks 2 migrations"), "lacks 2 migrations",
            new ConnectException("connection to 10.0.0.7:6379 refused"), "takes no connection",
            new IllegalStateException(new SocketTimeoutException("10.0.0.7")),
                "does not answer in time",
            new TimeoutException("10.0.0.7"), "does not answer in time",
            new UnknownHostException("redis.internal"), "has a host name that is not known",
            new IOException("10.0.0.7 said no"), "does not answer");
    told.forEach(
        (failure, words) -> {
          probe.answer =
              () -> {
                throw failure;
              };
          watch.askAll();
          assertThat(watch.state("redis").reachable()).isFalse();
          assertThat(watch.state("redis").trouble()).contains(words);
        });
  }

  @Test
  void aStoreIsPreparedWhenItIsFirstReachedAndAfterEachLoss() {
    FakeProbe probe = new FakeProbe("redis");
    StoreWatch watch = watch(probe);
    watch.askAll();
    watch.askAll();
    assertThat(probe.reached).isEqualTo(1);
    probe.answer =
        () -> {
          throw new IOException("gone");
        };
    watch.askAll();
    probe.answer = Map::of;
    watch.askAll();
    assertThat(probe.reached).isEqualTo(2);
  }

  @Test
  void derivedStoresAreAllButPostgres() {
    StoreWatch watch =
        watch(new FakeProbe("postgresql"), new FakeProbe("redis"), new FakeProbe("neo4j"));
    assertThat(watch.derived().stream().map(StoreState::store)).containsExactly("redis", "neo4j");
  }

  @Test
  void aStoreNobodyWatchesIsAMistakeOfTheCaller() {
    StoreWatch watch = watch(new FakeProbe("redis"));
    assertThatThrownBy(() -> watch.state("oracle")).isInstanceOf(IllegalArgumentException.class);
  }
}
