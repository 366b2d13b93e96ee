package io.kailash.recommendation.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final long FAR = TimeUnit.SECONDS.toNanos(30);
  private final CountDownLatch held = new CountDownLatch(1);
  private final Guard patient = guard(Duration.ofSeconds(20));
  private final Guard hasty = guard(Duration.ofMillis(20));

  private static Guard guard(Duration timeout) {
    return new Guard(
        "test",
        2,
        timeout,
        new Breaker(Duration.ofHours(1), System::nanoTime),
        work -> {
          Thread thread = new Thread(work, "guard-test");
          thread.setDaemon(true);
          return thread;
        });
  }

  @AfterEach
  void end() {
    held.countDown();
    patient.close();
    hasty.close();
  }

  private String hang() throws InterruptedException {
    held.await();
    return "late";
  }

  @Test
  void anAnswerComesThrough() {
    assertThat(patient.start(() -> "there").get(System.nanoTime() + FAR)).hasValue("there");
  }

  @Test
  void aFailureIsEmptyAndOpensTheBreakerWhenItRepeats() {
    for (int i = 0; i < Breaker.LEAST; i++) {
      assertThat(
              patient
                  .start(
                      () -> {
                        throw new IllegalStateException("broken");
                      })
                  .get(System.nanoTime() + FAR))
          .isEmpty();
    }
    assertThat(patient.isOpen()).isTrue();
    assertThat(patient.start(() -> "there").get(System.nanoTime() + FAR)).isEmpty();
  }

  @Test
  void aSourceThatHangsIsGivenUpAndOpensTheBreaker() {
    for (int i = 0; i < Breaker.LEAST; i++) {
      assertThat(hasty.start(this::hang).get(System.nanoTime() + FAR)).isEmpty();
    }
    assertThat(hasty.isOpen()).isTrue();
  }

  @Test
  void aCallerInAHurryDoesNotSpeakAgainstTheSource() {
    for (int i = 0; i < Breaker.WINDOW; i++) {
      assertThat(patient.start(this::hang).get(System.nanoTime())).isEmpty();
    }
    assertThat(patient.isOpen()).isFalse();
  }

  @Test
  void whenAllThreadsAreTakenAndTheQueueIsFullACallIsRefused() {
    List<Guard.Call<String>> calls = new ArrayList<>();
    for (int i = 0; i < 2 + 2 * 4; i++) {
      calls.add(patient.start(this::hang));
    }
    Guard.Call<String> refused = patient.start(() -> "there");
    held.countDown();
    assertThat(refused.get(System.nanoTime() + FAR)).isEmpty();
    calls.forEach(call -> assertThat(call.get(System.nanoTime() + FAR)).hasValue("late"));
  }
}
