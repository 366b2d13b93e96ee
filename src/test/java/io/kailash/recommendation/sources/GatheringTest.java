package io.kailash.recommendation.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringTest {
  private static final long FAR = TimeUnit.SECONDS.toNanos(30);
  private final Guard guard =
      new Guard(
          "gathering",
          4,
          Duration.ofSeconds(20),
          new Breaker(Duration.ofHours(1), System::nanoTime),
          work -> {
            Thread thread = new Thread(work, "gathering-test");
            thread.setDaemon(true);
            return thread;
          });
  private final ConcurrentLinkedQueue<List<String>> asked = new ConcurrentLinkedQueue<>();
  private final CountDownLatch held = new CountDownLatch(1);

  @AfterEach
  void end() {
    held.countDown();
    guard.close();
  }

  private static Map<String, String> answers(Collection<String> keys) {
    Map<String, String> answers = new HashMap<>();
    keys.stream().filter(key -> !key.startsWith("no")).forEach(key -> answers.put(key, key + "!"));
    return answers;
  }

  @Test
  void eachGetsTheAnswersToItsOwnQuestion() {
    Gathering<String> gathering = new Gathering<>(guard, 3, 100, GatheringTest::answers);
    assertThat(gathering.ask(List.of("a", "none", "b")).get(System.nanoTime() + FAR))
        .hasValue(Map.of("a", "a!", "b", "b!"));
    assertThat(gathering.ask(List.of()).get(System.nanoTime() + FAR)).hasValue(Map.of());
  }

  @Test
  void whatWaitsGoesTogether() {
    Gathering<String> gathering =
        new Gathering<>(
            guard,
            3,
            100,
            keys -> {
              asked.add(new ArrayList<>(keys));
              if (!keys.iterator().next().startsWith("late")) {
                held.await();
              }
              return answers(keys);
            });
    List<CompletableFuture<Optional<Map<String, String>>>> first = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      first.add(ask(gathering, "out" + i));
      await(asked, i + 1);
    }
    List<CompletableFuture<Optional<Map<String, String>>>> late = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      late.add(ask(gathering, "late" + i));
    }
    await(started, 23);
    held.countDown();
    first.forEach(answer -> assertThat(answer.join()).isPresent());
    for (int i = 0; i < 20; i++) {
      assertThat(late.get(i).join()).hasValue(Map.of("late" + i, "late" + i + "!"));
    }
    assertThat(asked).hasSizeLessThan(23);
  }

  private final ConcurrentLinkedQueue<List<String>> started = new ConcurrentLinkedQueue<>();

  private CompletableFuture<Optional<Map<String, String>>> ask(
      Gathering<String> gathering, String key) {
    CompletableFuture<Optional<Map<String, String>>> answer = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              started.add(List.of(key));
              answer.complete(gathering.ask(List.of(key)).get(System.nanoTime() + FAR));
            });
    thread.setDaemon(true);
    thread.start();
    return answer;
  }

  private static void await(ConcurrentLinkedQueue<List<String>> queue, int size) {
    long until = System.nanoTime() + FAR;
    while (queue.size() < size) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void aFailureIsEmptyAndTheNextQuestionIsAskedAgain() {
    List<Integer> times = new ArrayList<>();
    Gathering<String> gathering =
        new Gathering<>(
            guard,
            3,
            100,
            keys -> {
              times.add(1);
              if (times.size() == 1) {
                throw new IllegalStateException("broken");
              }
              return answers(keys);
            });
    assertThat(gathering.ask(List.of("a")).get(System.nanoTime() + FAR)).isEmpty();
    assertThat(gathering.ask(List.of("a")).get(System.nanoTime() + FAR)).isPresent();
  }

  @Test
  void nobodyWaitsBeyondItsDeadline() {
    Gathering<String> gathering =
        new Gathering<>(
            guard,
            3,
            100,
            keys -> {
              held.await();
              return answers(keys);
            });
    assertThat(gathering.ask(List.of("a")).get(System.nanoTime())).isEmpty();
  }

  @Test
  void whatFindsNoRoomIsRefusedAndTheRestIsKept() {
    Gathering<String> gathering =
        new Gathering<>(
            guard,
            1,
            1,
            keys -> {
              held.await();
              return answers(keys);
            });
    List<String> keys = IntStream.range(0, 20).mapToObj(i -> "k" + i).toList();
    Gathering.Asked<String> first = gathering.ask(keys);
    assertThat(gathering.hasRoom()).isFalse();
    Gathering.Asked<String> second = gathering.ask(List.of("late", "later"));
    held.countDown();
    Map<String, String> known = new HashMap<>();
    assertThat(first.read(System.nanoTime() + FAR, known)).isFalse();
    assertThat(known).hasSizeBetween(8, 9).containsEntry("k0", "k0!");
    assertThat(second.get(System.nanoTime() + FAR)).isEmpty();
  }
}
