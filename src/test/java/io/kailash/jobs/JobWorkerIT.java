package io.kailash.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.platform.ProblemException;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the queue promises, on a real PostgreSQL, with one or two instances. */
class JobWorkerIT {
  private final List<Instance> instances = new ArrayList<>();
  private JobTables tables;

  @BeforeEach
  void begin() throws Exception {
    var postgres = RunningService.get().addresses().postgres();
    tables =
        new JobTables(postgres.jdbcUrl(), postgres.user(), postgres.password(), "job_worker_it");
  }

  @AfterEach
  void end() throws Exception {
    instances.forEach(Instance::close);
    tables.close();
  }

  /** A kind of work for one test. */
  private record Kind(
      String name, int atOnce, int attempts, int priority, Function<JobRun, Object> work)
      implements JobKind {
    @Override
    public Object run(JobRun run) {
      return work.apply(run);
    }

    @Override
    public Duration backOff() {
      return Duration.ofMillis(50);
    }

    static Kind of(String name, Function<JobRun, Object> work) {
      return new Kind(name, Integer.MAX_VALUE, 1, 0, work);
    }
  }

  private Instance instance(int workers, JobKind... kinds) {
    Instance made = new Instance(tables.dataSource(), workers, List.of(kinds)).begin();
    instances.add(made);
    return made;
  }

  private static Job awaitStatus(Instance instance, UUID id, String status) throws Exception {
    Eventually.until(
        "status " + status + " of " + instance.jobs.find(id),
        () -> instance.jobs.find(id).orElseThrow().status().equals(status));
    return instance.jobs.find(id).orElseThrow();
  }

  private static UUID submit(Instance instance, String kind, String subject) {
    return instance.jobs.submit(kind, subject, Map.of("of", subject), "test");
  }

  @Test
  void workThatFailsIsTriedAgainThenDeadWithItsReasonAndCanBeCalledBack() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Instance one =
        instance(
            2,
            new Kind(
                "shaky",
                Integer.MAX_VALUE,
                3,
                0,
                run -> {
                  if (runs.incrementAndGet() <= 3) {
                    throw new JobTroubleException("the shop is closed");
                  }
                  return Map.of("attempt", run.attempt());
                }));
    UUID id = submit(one, "shaky", "a");
    Job dead = awaitStatus(one, id, Job.DEAD);
    assertThat(runs).hasValue(3);
    assertThat(dead.problem()).isEqualTo("failed 3 times; the last time: the shop is closed");
    assertThat(dead.failures()).isEqualTo(3);
    assertThat(dead.endedAt()).isNotNull();
    one.jobs.tryAgain(id);
    Job well = awaitStatus(one, id, Job.SUCCEEDED);
    assertThat(well.result().path("attempt").asInt()).isEqualTo(4);
    assertThat(well.problem()).isNull();
    assertThatThrownBy(() -> one.jobs.tryAgain(id)).isInstanceOf(ProblemException.class);
  }

  @Test
  void workWithOneAttemptFailsAtOnceAndSaysNothingOfTheInside() throws Exception {
    Instance one =
        instance(
            2,
            Kind.of(
                "broken",
                run -> {
                  throw new IllegalStateException("secret of the inside");
                }));
    Job failed = awaitStatus(one, submit(one, "broken", "a"), Job.FAILED);
    assertThat(failed.problem()).contains("internal error").doesNotContain("secret");
  }

  @Test
  void pausedWorkGoesOnFromItsCheckpointOnWhateverInstance() throws Exception {
    List<Integer> steps = Collections.synchronizedList(new ArrayList<>());
    JobKind kind = Kind.of("steps", run -> steps(run, steps));
    Instance one = instance(2, kind);
    UUID id = submit(one, "steps", "a");
    Eventually.until("some steps", () -> steps.size() > 3);
    one.jobs.pause(id);
    Job paused = awaitStatus(one, id, Job.PAUSED);
    assertThat(paused.done()).isEqualTo(steps.size());
    assertThat(submit(one, "steps", "a")).as("a paused job is under way").isEqualTo(id);
    Instance other = instance(2, kind);
    one.close();
    other.jobs.resume(id);
    Job done = awaitStatus(other, id, Job.SUCCEEDED);
    assertThat(done.attempts()).isEqualTo(2);
    assertThat(done.done()).isEqualTo(40);
    assertThat(steps).doesNotHaveDuplicates().hasSize(40);
  }

  private Object steps(JobRun run, List<Integer> steps) {
    int from = run.checkpoint() == null ? 0 : run.checkpoint().path("next").asInt();
    for (int step = from; step < 40; step++) {
      run.count(step, 0, 40);
      run.heed();
      steps.add(step);
      try (Connection connection = tables.dataSource().getConnection()) {
        run.checkpoint(connection, Map.of("next", step + 1));
      } catch (java.sql.SQLException failure) {
        throw new IllegalStateException(failure);
      }
      run.count(step + 1, 0, 40);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return null;
  }

  @Test
  void anInstanceThatEndsHandsItsWorkOnWithoutAFailure() throws Exception {
    List<Integer> steps = Collections.synchronizedList(new ArrayList<>());
    JobKind kind = Kind.of("steps", run -> steps(run, steps));
    Instance one = instance(2, kind);
    UUID id = submit(one, "steps", "a");
    Eventually.until("some steps", () -> steps.size() > 3);
    one.close();
    assertThat(one.jobs.find(id).orElseThrow().status()).isEqualTo(Job.QUEUED);
    Instance other = instance(2, kind);
    Job done = awaitStatus(other, id, Job.SUCCEEDED);
    assertThat(steps).doesNotHaveDuplicates().hasSize(40);
    assertThat(done.failures()).isZero();
    assertThat(done.losses()).isZero();
  }

  @Test
  void queuedWorkIsCancelledAtOnceAndRunningWorkWhenItReports() throws Exception {
    Semaphore go = new Semaphore(0);
    Instance one =
        instance(
            1,
            Kind.of(
                "waits",
                run -> {
                  while (true) {
                    run.progress("waiting " + go.tryAcquire(), 0.5);
                    run.heed();
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                  }
                }));
    UUID running = submit(one, "waits", "a");
    awaitStatus(one, running, Job.RUNNING);
    UUID queued = submit(one, "waits", "b");
    one.jobs.cancel(queued);
    assertThat(one.jobs.find(queued).orElseThrow().status()).isEqualTo(Job.CANCELLED);
    one.jobs.cancel(running);
    awaitStatus(one, running, Job.CANCELLED);
    assertThatThrownBy(() -> one.jobs.cancel(running))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> assertThat(problem.problem().status()).isEqualTo(409));
    // The place of the cancelled one is taken and passed over: it is never begun.
    UUID next = submit(one, "waits", "c");
    awaitStatus(one, next, Job.RUNNING);
    assertThat(one.jobs.find(queued).orElseThrow().attempts()).isZero();
    one.jobs.cancel(next);
    awaitStatus(one, next, Job.CANCELLED);
  }

  @Test
  void theLimitOfAKindHoldsOverTwoInstances() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Semaphore go = new Semaphore(0);
    Kind limited =
        new Kind(
            "limited",
            2,
            1,
            0,
            run -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              go.acquireUninterruptibly();
              now.decrementAndGet();
              return null;
            });
    Instance one = instance(4, limited);
    Instance other = instance(4, limited);
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ids.add(submit(i % 2 == 0 ? one : other, "limited", "subject " + i));
    }
    for (int i = 0; i < ids.size(); i++) {
      int expected = Math.min(2, ids.size() - i);
      Eventually.until("as many as may run", () -> now.get() == expected);
      go.release();
    }
    for (UUID id : ids) {
      awaitStatus(one, id, Job.SUCCEEDED);
    }
    assertThat(most).hasValue(2);
    // A worker counts a job after its end is written, so others may see the end first.
    Eventually.until("each end is counted once", () -> one.ended() + other.ended() >= ids.size());
    assertThat(one.ended() + other.ended()).isEqualTo(ids.size());
  }

  @Test
  void whatIsMoreUrgentIsBegunFirst() throws Exception {
    Semaphore go = new Semaphore(0);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    Function<JobRun, Object> work =
        run -> {
          order.add(run.subject());
          go.acquireUninterruptibly();
          return null;
        };
    Instance one =
        instance(
            1,
            new Kind("low", Integer.MAX_VALUE, 1, -5, work),
            new Kind("high", Integer.MAX_VALUE, 1, 5, work));
    submit(one, "low", "first");
    Eventually.until("the first to run", () -> order.size() == 1);
    submit(one, "low", "low");
    submit(one, "high", "high");
    go.release(3);
    Eventually.until("all three", () -> order.size() == 3);
    assertThat(order).containsExactly("first", "high", "low");
  }

  @Test
  void aRunWhosePlaceAnotherHasTakenCanWriteNothingAnyMore() throws Exception {
    Instance idle = new Instance(tables.dataSource(), 1, List.of(Kind.of("plain", run -> null)));
    UUID id = submit(idle, "plain", "a");
    Job first = idle.jobs.begin(id, 1).orElseThrow();
    JobRun lost = new JobRun(idle.jobs, Clock.systemUTC(), first);
    Job second = idle.jobs.begin(id, 1).orElseThrow();
    assertThat(second.losses()).isEqualTo(1);
    JobRun taken = new JobRun(idle.jobs, Clock.systemUTC(), second);
    try (Connection connection = tables.dataSource().getConnection()) {
      taken.checkpoint(connection, Map.of("at", 7));
      assertThatThrownBy(() -> lost.checkpoint(connection, Map.of("at", 3)))
          .isInstanceOf(JobCancelledException.class);
    }
    lost.progress("still here", 0.9);
    assertThat(lost.cancelled()).isTrue();
    assertThat(idle.jobs.end(first, Jobs.Outcome.of(Job.SUCCEEDED), lost.standing(Instant.now())))
        .isFalse();
    Job now = idle.jobs.find(id).orElseThrow();
    assertThat(now.status()).isEqualTo(Job.RUNNING);
    assertThat(now.phase()).isNull();
    assertThat(idle.jobs.begin(id, 1).orElseThrow().checkpoint().path("at").asInt()).isEqualTo(7);
    assertThat(idle.jobs.begin(id, 2)).as("a place that is not its own").isEmpty();
  }

  @Test
  void workOfAKindThatNobodyKnowsWaitsForOneWhoDoes() throws Exception {
    Instance one = instance(1, Kind.of("known", run -> null));
    UUID id = submit(one, "unknown", "a");
    Eventually.until("a look at it", () -> one.jobs.find(id).orElseThrow().problem() != null);
    assertThat(one.jobs.find(id).orElseThrow().status()).isEqualTo(Job.QUEUED);
    one.close();
    Instance other = instance(1, Kind.of("unknown", run -> null));
    awaitStatus(other, id, Job.SUCCEEDED);
  }

  @Test
  void whatIsOverGoesWithItsFilesAndWhatIsNotStays() throws Exception {
    Semaphore go = new Semaphore(0);
    Instance one =
        instance(
            2,
            Kind.of("short", run -> null),
            Kind.of(
                "long",
                run -> {
                  go.acquireUninterruptibly();
                  return null;
                }));
    UUID over = submit(one, "short", "a");
    UUID running = submit(one, "long", "b");
    awaitStatus(one, over, Job.SUCCEEDED);
    awaitStatus(one, running, Job.RUNNING);
    UUID never = one.jobs.newId();
    for (UUID id : List.of(over, running, never)) {
      try (JobFileWriter file = one.files.create(id, "some.txt", "text/plain")) {
        file.write(new byte[3_000_000]);
        file.complete();
      }
    }
    JobsStart.removeOld(one.jobs, one.files, Clock.systemUTC(), Duration.ofHours(1));
    assertThat(one.jobs.find(over)).isPresent();
    Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
    JobsStart.removeOld(one.jobs, one.files, tomorrow, Duration.ofHours(1));
    assertThat(one.jobs.find(over)).isEmpty();
    assertThat(one.files.of(over)).isEmpty();
    assertThat(one.files.of(never)).isEmpty();
    assertThat(one.files.of(running)).hasSize(1);
    go.release();
    awaitStatus(one, running, Job.SUCCEEDED);
  }
}
