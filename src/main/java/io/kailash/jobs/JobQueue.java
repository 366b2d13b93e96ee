package io.kailash.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.kailash.platform.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Hands queued jobs to whichever instance is free. An instance that dies stops sending heartbeats;
 * after about 20 seconds another one starts its jobs again.
 */
@Singleton
class JobQueue {
  static final TaskDescriptor<Void> TASK = TaskDescriptor.of("job");
  private static final Logger LOG = Logger.getLogger(JobQueue.class.getName());

  private final DataSource database;
  private final Jobs jobs;
  private final Instance<JobKind> kinds;
  private final Clock clock;
  private final int threads;
  private Scheduler scheduler;

  @Resource ManagedExecutorService executor;

  @Inject
  JobQueue(
      DataSource database,
      Jobs jobs,
      @Any Instance<JobKind> kinds,
      Clock clock,
      Settings settings) {
    this.database = database;
    this.jobs = jobs;
    this.kinds = kinds;
    this.clock = clock;
    threads = settings.wholeNumber("kailash.jobs.threads", 2, 1, 64);
  }

  void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
    OneTimeTask<Void> task = Tasks.oneTime(TASK).execute((instance, context) -> run(instance));
    scheduler =
        Scheduler.create(database, task)
            .threads(threads)
            .executorService(new BorrowedExecutor(executor))
            .pollingInterval(Duration.ofSeconds(1))
            .heartbeatInterval(Duration.ofSeconds(5))
            .missedHeartbeatsLimit(4)
            .shutdownMaxWait(Duration.ofSeconds(2))
            .build();
    scheduler.start();
  }

  private void run(TaskInstance<Void> instance) {
    UUID id = UUID.fromString(instance.getId());
    Optional<Job> begun = jobs.begin(id);
    if (begun.isEmpty()) {
      return;
    }
    Job job = begun.get();
    Optional<JobKind> kind = kinds.stream().filter(k -> k.name().equals(job.kind)).findFirst();
    if (kind.isEmpty()) {
      jobs.end(id, Job.FAILED, null, "no work of the kind '" + job.kind + "' is known here");
      return;
    }
    try {
      Object result = kind.get().run(new JobRun(jobs, clock, job));
      jobs.end(id, Job.SUCCEEDED, result, null);
    } catch (JobCancelledException cancelled) {
      jobs.end(id, Job.CANCELLED, null, null);
    } catch (JobFailedException failure) {
      LOG.log(Level.WARNING, "job " + id + " (" + job.kind + ") failed: " + failure.getMessage());
      jobs.end(id, Job.FAILED, null, failure.getMessage());
    } catch (RuntimeException failure) {
      LOG.log(Level.SEVERE, "job " + id + " (" + job.kind + ") failed", failure);
      jobs.end(
          id, Job.FAILED, null, "an internal error; the service's log has it under the job's id");
    }
  }

  @PreDestroy
  void stop() {
    if (scheduler != null) {
      scheduler.stop();
    }
  }

  /** The container's executor, which the scheduler may use but not end. */
  private static final class BorrowedExecutor extends AbstractExecutorService {
    private final ExecutorService owned;
    private volatile boolean ended;

    BorrowedExecutor(ExecutorService owned) {
      this.owned = owned;
    }

    @Override
    public void execute(Runnable command) {
      owned.execute(command);
    }

    @Override
    public void shutdown() {
      ended = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      ended = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return ended;
    }

    @Override
    public boolean isTerminated() {
      return ended;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return ended;
    }
  }
}
