package io.kailash.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.f4b6a3.uuid.UuidCreator;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.kailash.platform.Json;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Submits background work and keeps what is known about it. */
@Singleton
public class Jobs {
  private final EntityManager entities;
  private final Clock clock;
  private final SchedulerClient queue;

  @Inject
  Jobs(EntityManager entities, Clock clock, DataSource database) {
    this.entities = entities;
    this.clock = clock;
    this.queue = SchedulerClient.Builder.create(database).build();
  }

  /**
   * Submits work in the caller's transaction: it is queued if that commits. If work of this kind on
   * this subject is queued or running already, that one is the answer.
   *
   * @param kind name of a {@link JobKind}
   * @param subject what the work is about
   * @param parameters written as JSON
   * @param createdBy who asks
   * @return the job's id
   */
  @Transactional
  public UUID submit(String kind, String subject, Object parameters, String createdBy) {
    Optional<Job> underWay = underWay(kind, subject);
    if (underWay.isPresent()) {
      return underWay.get().id;
    }
    UUID id = UuidCreator.getTimeOrderedEpoch();
    int made =
        entities
            .createNativeQuery(
                "insert into job (id, kind, subject, status, parameters, created_at, created_by)"
                    + " values (:id, :kind, :subject, 'queued', cast(:parameters as jsonb), :at, :by)"
                    + " on conflict do nothing")
            .setParameter("id", id)
            .setParameter("kind", kind)
            .setParameter("subject", subject)
            .setParameter("parameters", json(parameters))
            .setParameter("at", clock.instant())
            .setParameter("by", createdBy)
            .executeUpdate();
    if (made == 0) {
      // Somebody else submitted the same between the look and the insert.
      return underWay(kind, subject)
          .map(job -> job.id)
          .orElseThrow(
              () ->
                  ProblemException.conflict(
                      "job-under-way", "Already under way", "the same work just ended; try again"));
    }
    queue.scheduleIfNotExists(JobQueue.TASK.instance(id.toString()).build(), clock.instant());
    return id;
  }

  /** Whether any work is queued or running. */
  public boolean anyUnderWay() {
    return !entities
        .createNativeQuery("select 1 from job where status in ('queued', 'running') limit 1")
        .getResultList()
        .isEmpty();
  }

  private Optional<Job> underWay(String kind, String subject) {
    return entities
        .createQuery(
            "from Job where kind = :kind and subject = :subject and status in ('queued', 'running')",
            Job.class)
        .setParameter("kind", kind)
        .setParameter("subject", subject)
        .getResultStream()
        .findFirst();
  }

  @Transactional
  Optional<Job> find(UUID id) {
    return Optional.ofNullable(entities.find(Job.class, id));
  }

  @Transactional
  List<Job> newest(Instant before, UUID beforeId, int limit) {
    return entities
        .createQuery(
            "from Job where createdAt < :at or (createdAt = :at and id < :id)"
                + " order by createdAt desc, id desc",
            Job.class)
        .setParameter("at", before)
        .setParameter("id", beforeId)
        .setMaxResults(limit)
        .getResultList();
  }

  /** Asks for the end of a job. A queued one ends at once, a running one when it next reports. */
  @Transactional
  Job cancel(UUID id) {
    Job job = entities.find(Job.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (job == null) {
      throw ProblemException.notFound("job", id.toString());
    }
    if (job.ended()) {
      throw ProblemException.conflict(
          "job-ended", "Job has ended", "the job is " + job.status + " and cannot be cancelled");
    }
    job.cancelWanted = true;
    if (job.status.equals(Job.QUEUED)) {
      job.status = Job.CANCELLED;
      job.endedAt = clock.instant();
    }
    return job;
  }

  /** Marks a job as running, unless it has ended in the meantime. */
  @Transactional
  Optional<Job> begin(UUID id) {
    Job job = entities.find(Job.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (job == null || job.ended()) {
      return Optional.empty();
    }
    job.status = Job.RUNNING;
    job.attempts++;
    if (job.startedAt == null) {
      job.startedAt = clock.instant();
    }
    return Optional.of(job);
  }

  /** Returns whether the job is to be cancelled. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  boolean report(UUID id, String phase, double fractionDone) {
    entities
        .createQuery("update Job set phase = :phase, fractionDone = :done where id = :id")
        .setParameter("phase", phase)
        .setParameter("done", fractionDone)
        .setParameter("id", id)
        .executeUpdate();
    return entities
        .createQuery("select cancelWanted from Job where id = :id", Boolean.class)
        .setParameter("id", id)
        .getSingleResult();
  }

  @Transactional
  void end(UUID id, String status, Object result, String problem) {
    Job job = entities.find(Job.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (job == null || job.ended()) {
      return;
    }
    job.status = status;
    job.endedAt = clock.instant();
    job.problem = problem;
    if (status.equals(Job.SUCCEEDED)) {
      job.fractionDone = 1;
    }
    if (result != null) {
      job.result = json(result);
    }
  }

  private static String json(Object value) {
    try {
      return Json.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException notJson) {
      throw new IllegalArgumentException("cannot be written as JSON", notJson);
    }
  }
}
