package io.kailash.recommendation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.recommendation.InteractionDraft.Checked;
import io.kailash.recommendation.model.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SingleInteractionsTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<List<UUID>> written = new ArrayList<>();
  private final CountDownLatch firstIsWriting = new CountDownLatch(1);
  private final CountDownLatch firstMayEnd = new CountDownLatch(1);

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private static Checked draft(UUID event) {
    return new Checked(event, "u", "s", Kind.VIEW, null, Instant.EPOCH);
  }

  /** The first transaction lasts until it is let go. */
  private Set<UUID> write(List<Checked> drafts) {
    written.add(drafts.stream().map(Checked::event).toList());
    if (written.size() == 1) {
      firstIsWriting.countDown();
      try {
        assertThat(firstMayEnd.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException ended) {
        throw new IllegalStateException(ended);
      }
    }
    return drafts.stream().map(Checked::event).collect(Collectors.toSet());
  }

  /** Has so many wait behind the first. */
  private List<Future<Boolean>> behindTheFirst(SingleInteractions singles, List<UUID> events)
      throws InterruptedException {
    List<Future<Boolean>> answers = new ArrayList<>();
    answers.add(threads.submit(() -> singles.add(draft(UUID.randomUUID()))));
    firstIsWriting.await();
    List<Thread> waiting = new ArrayList<>();
    for (UUID event : events) {
      CountDownLatch begun = new CountDownLatch(1);
      answers.add(
          threads.submit(
              () -> {
                synchronized (waiting) {
                  waiting.add(Thread.currentThread());
                }
                begun.countDown();
                return singles.add(draft(event));
              }));
      begun.await();
    }
    for (Thread thread : waiting) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    firstMayEnd.countDown();
    return answers;
  }

  @Test
  void whoComesMeanwhileSharesTheNextTransaction() throws Exception {
    SingleInteractions singles = new SingleInteractions(this::write);
    List<UUID> events = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      events.add(UUID.randomUUID());
    }
    for (Future<Boolean> answer : behindTheFirst(singles, events)) {
      assertThat(answer.get()).isTrue();
    }
    assertThat(written).hasSize(2);
    assertThat(written.get(0)).hasSize(1);
    assertThat(written.get(1)).containsExactlyInAnyOrderElementsOf(events);
  }

  @Test
  void whoComesAloneIsWrittenAtOnce() {
    firstMayEnd.countDown();
    SingleInteractions singles = new SingleInteractions(this::write);
    assertThat(singles.add(draft(UUID.randomUUID()))).isTrue();
    assertThat(singles.add(draft(UUID.randomUUID()))).isTrue();
    assertThat(written).hasSize(2);
  }

  @Test
  void ofTheSameInteractionTwiceOneIsNew() throws Exception {
    SingleInteractions singles = new SingleInteractions(this::write);
    UUID same = UUID.randomUUID();
    int fresh = 0;
    for (Future<Boolean> answer : behindTheFirst(singles, List.of(same, same, same))) {
      fresh += answer.get() ? 1 : 0;
    }
    assertThat(fresh).as("the first, and one of three").isEqualTo(2);
  }

  @Test
  void aFailureIsToldToAllOfItsTransactionAndToNobodyElse() throws Exception {
    SingleInteractions singles =
        new SingleInteractions(
            drafts -> {
              Set<UUID> fresh = write(drafts);
              if (written.size() == 2) {
                throw new IllegalStateException("the database is gone");
              }
              return fresh;
            });
    List<Future<Boolean>> answers =
        behindTheFirst(singles, List.of(UUID.randomUUID(), UUID.randomUUID()));
    assertThat(answers.get(0).get()).isTrue();
    for (Future<Boolean> failed : answers.subList(1, 3)) {
      assertThatThrownBy(failed::get)
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("the database is gone");
    }
    assertThat(singles.add(draft(UUID.randomUUID()))).isTrue();
  }
}
