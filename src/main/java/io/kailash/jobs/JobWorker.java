package io.kailash.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * Runs queued jobs on this instance. The library's table hands each place in the queue to one
 * instance; one that dies stops sending heartbeats, and after four missed ones another begins its
 * places again.
 */
final class JobWorker {
  static final String TASK = "job";
  private static final Logger LOG = Logger.getLogger(JobWorker.class.getName());
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(10);
  private static final Duration BEFORE_ANOTHER_TAKES_IT = Duration.ofSeconds(5);
  private static final Duration AFTER_TROUBLE_WITH_THE_DATABASE = Duration.ofSeconds(10);

  private final DataSource database;
  private final Jobs jobs;
  private final JobKinds kinds;
  private final JobSignals signals;
  private final Clock clock;
  private final RandomGenerator random;
  private final JobSettings settings;
  private final Ended ended;
  private final Set<JobRun> runs = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean admissionWanted = new AtomicBoolean();
  private volatile boolean stopping;
  private ExecutorService executor;
  private Scheduler scheduler;

  /** Told of every run that has ended here. */
  interface Ended {
    void run(String kind, String outcome, Duration took);
  }

  JobWorker(
      DataSource database,
      Jobs jobs,
      JobKinds kinds,
      JobSignals signals,
      Clock clock,
      RandomGenerator random,
      JobSettings settings,
      Ended ended) {
    this.database = database;
    this.jobs = jobs;
    this.kinds = kinds;
    this.signals = signals;
    this.clock = clock;
    this.random = random;
    this.settings = settings;
    this.ended = ended;
  }

  /**
   * Begins to look for work.
   *
   * @param lent runs the jobs; it is not ended with this
   */
  void start(ExecutorService lent) {
    executor = lent;
    OneTimeTask<Void> task =
        Tasks.oneTime(TaskDescriptor.of(TASK))
            .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_TROUBLE_WITH_THE_DATABASE))
            .onDeadExecutionRevive()
            .execute((instance, context) -> run(instance.getId()));
    scheduler =
        Scheduler.create(database, task)
            .schedulerName(() -> "process " + ProcessHandle.current().pid())
            .threads(settings.threads())
            .executorService(new BorrowedExecutor(lent))
            // One statement takes as many places as threads are free.
            .pollUsingLockAndFetch(0.5, 1.0)
            .pollingInterval(settings.polling())
            .enablePriority()
            .heartbeatInterval(settings.heartbeat())
            .missedHeartbeatsLimit(4)
            .shutdownMaxWait(Duration.ofSeconds(3))
            .build();
    scheduler.start();
    signals.onWork(this::wake);
  }

  /** Looks for work at once; never waits. */
  private void wake() {
    if (stopping) {
      return;
    }
    scheduler.triggerCheckForDueExecutions();
    if (admissionWanted.compareAndSet(false, true)) {
      executor.execute(this::admitAndTrigger);
    }
  }

  private void admitAndTrigger() {
    try {
      admit();
    } catch (RuntimeException failure) {
      LOG.log(Level.WARNING, "queued work waits for the next look", failure);
    }
  }

  /** Gives due jobs their places: what is limited, tried again or resumed. */
  void admit() {
    admissionWanted.set(false);
    int admitted = 0;
    for (String kind : jobs.kindsWaiting()) {
      admitted += jobs.admit(kind, kinds.atOnce(kind));
    }
    if (admitted > 0 && !stopping) {
      scheduler.triggerCheckForDueExecutions();
    }
  }

  private void run(String place) {
    int slash = place.indexOf('/');
    UUID id = UUID.fromString(place.substring(0, slash));
    Optional<Job> begun = jobs.begin(id, Integer.parseInt(place.substring(slash + 1)));
    if (begun.isEmpty()) {
      return;
    }
    Job job = begun.get();
    JobRun run = new JobRun(jobs, clock, job);
    runs.add(run);
    Instant from = clock.instant();
    try {
      Jobs.Outcome outcome = outcome(job, run);
      jobs.end(job, outcome, run.standing(clock.instant()));
      ended.run(job.kind(), outcome.status(), Duration.between(from, clock.instant()));
    } finally {
      runs.remove(run);
    }
    if (!stopping && kinds.atOnce(job.kind()) != Integer.MAX_VALUE) {
      signals.workIsThere();
    }
  }

  private Jobs.Outcome outcome(Job job, JobRun run) {
    if (job.cancelWanted()) {
      return Jobs.Outcome.of(Job.CANCELLED);
    }
    if (job.pauseWanted() && kinds.pausable(job.kind())) {
      return Jobs.Outcome.of(Job.PAUSED);
    }
    if (job.losses() > settings.mostLosses()) {
      return new Jobs.Outcome(
          Job.DEAD, null, "the instance that ran it died " + job.losses() + " times", false, null);
    }
    Optional<JobKind> kind = kinds.find(job.kind());
    if (kind.isEmpty()) {
      // While instances are being replaced, another may know what this one does not.
      return new Jobs.Outcome(
          Job.QUEUED,
          null,
          "the instance that was to run it knows no work of the kind '" + job.kind() + "'",
          false,
          clock.instant().plus(BEFORE_ANOTHER_TAKES_IT));
    }
    try {
      return new Jobs.Outcome(Job.SUCCEEDED, kind.get().run(run), null, false, null);
    } catch (JobCancelledException cancelled) {
      return Jobs.Outcome.of(Job.CANCELLED);
    } catch (JobPausedException paused) {
      // An instance that ends hands its work on.
      return stopping && !run.pauseWanted()
          ? new Jobs.Outcome(Job.QUEUED, null, null, false, clock.instant())
          : Jobs.Outcome.of(Job.PAUSED);
    } catch (JobFailedException failure) {
      LOG.log(
          Level.WARNING,
          "job " + job.id() + " (" + job.kind() + ") failed: " + failure.getMessage());
      return Jobs.Outcome.failure(Job.FAILED, failure.getMessage());
    } catch (JobTroubleException trouble) {
      LOG.log(
          Level.WARNING,
          "job " + job.id() + " (" + job.kind() + ") has trouble: " + trouble.getMessage());
      return again(job, kind.get(), trouble.getMessage());
    } catch (RuntimeException failure) {
      LOG.log(Level.SEVERE, "job " + job.id() + " (" + job.kind() + ") failed", failure);
      return again(
          job, kind.get(), "an internal error; the service's log has it under the job's id");
    }
  }

  private Jobs.Outcome again(Job job, JobKind kind, String why) {
    int failures = job.failures() + 1;
    if (kind.attempts() <= 1) {
      return Jobs.Outcome.failure(Job.FAILED, why);
    }
    if (failures >= kind.attempts()) {
      return Jobs.Outcome.failure(Job.DEAD, "failed " + failures + " times; the last time: " + why);
    }
    return new Jobs.Outcome(
        Job.QUEUED, null, why, true, clock.instant().plus(backOff(kind.backOff(), failures)));
  }

  /** Doubled with every failure, up to ten minutes, and a fifth more or less by chance. */
  private Duration backOff(Duration first, int failures) {
    double millis = first.toMillis() * Math.pow(2, Math.min(30, failures - 1));
    double most = Math.min(millis, LONGEST_BACK_OFF.toMillis());
    return Duration.ofMillis((long) (most * (0.8 + 0.4 * random.nextDouble())));
  }

  /** Hands running work on, as far as it heeds that within three seconds, and looks no more. */
  void stop() {
    stopping = true;
    runs.forEach(JobRun::rest);
    if (scheduler != null) {
      scheduler.stop();
    }
  }

  /** Runs on this instance at this moment. */
  int running() {
    return runs.size();
  }

  /** The container's executor, which the scheduler may use but not end. */
  private static final class BorrowedExecutor extends AbstractExecutorService {
    private final ExecutorService owned;
    private final Set<Thread> busy = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    BorrowedExecutor(ExecutorService owned) {
      this.owned = owned;
    }

    @Override
    public void execute(Runnable command) {
      owned.execute(
          () -> {
            busy.add(Thread.currentThread());
            try {
              command.run();
            } finally {
              busy.remove(Thread.currentThread());
            }
          });
    }

    @Override
    public void shutdown() {
      ended = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      ended = true;
      busy.forEach(Thread::interrupt);
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return ended;
    }

    @Override
    public boolean isTerminated() {
      return ended && busy.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      long until = System.nanoTime() + unit.toNanos(timeout);
      while (!busy.isEmpty() && System.nanoTime() < until) {
        Thread.sleep(20);
      }
      return isTerminated();
    }
  }
}
