package io.kailash.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.f4b6a3.uuid.UuidCreator;
import io.kailash.platform.Json;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Submits background work and keeps what is known about it. Every change of a job is one statement
 * that names the state it starts from; its row count says whether that was so.
 */
@Singleton
public class Jobs {
  /** The place of a job in the queue, of which there is at most one at a time. */
  private static final String PLACE =
      " insert into scheduled_tasks"
          + " (task_name, task_instance, execution_time, picked, version, priority)"
          + " select '"
          + JobWorker.TASK
          + "', id || '/' || admission, due_at, false, 1, priority from placed";

  private static final int ADMITTED_AT_ONCE = 1000;

  private final DataSource database;
  private final Clock clock;
  private final JobKinds kinds;
  private final JobSignals signals;

  @Inject
  Jobs(DataSource database, Clock clock, JobKinds kinds, JobSignals signals) {
    this.database = database;
    this.clock = clock;
    this.kinds = kinds;
    this.signals = signals;
  }

  /** An id for a job that is to be submitted later, so that files can be written for it. */
  public UUID newId() {
    return UuidCreator.getTimeOrderedEpoch();
  }

  /**
   * Submits work in the caller's transaction: it is queued if that commits. If work of this kind on
   * this subject is queued, running or paused already, that one is the answer.
   *
   * @param kind name of a {@link JobKind}
   * @param subject what the work is about
   * @param parameters written as JSON
   * @param createdBy who asks
   * @return the job's id
   */
  public UUID submit(String kind, String subject, Object parameters, String createdBy) {
    return submit(newId(), kind, subject, parameters, createdBy);
  }

  /** The same under an id of {@link #newId()}; the answer is another where work is under way. */
  public UUID submit(UUID id, String kind, String subject, Object parameters, String createdBy) {
    // Work whose number is limited gets its place when its turn has come.
    boolean limited = kinds.atOnce(kind) != Integer.MAX_VALUE;
    String made =
        "insert into job (id, kind, subject, status, priority, parameters, created_at, created_by,"
            + " due_at, admitted, admission) values (?, ?, ?, 'queued', ?, ?::jsonb, ?, ?, ?, ?, ?)"
            + " on conflict do nothing";
    Instant now = clock.instant();
    int rows =
        update(
            limited ? made : "with placed as (" + made + " returning *)" + PLACE,
            id,
            kind,
            subject,
            kinds.priority(kind),
            tree(parameters).toString(),
            now,
            createdBy,
            now,
            !limited,
            limited ? 0 : 1);
    if (rows == 0) {
      return underWay(kind, subject)
          .orElseThrow(
              () ->
                  ProblemException.conflict(
                      "job-under-way", "Already under way", "the same work just ended; try again"));
    }
    signals.changed(id);
    signals.workIsThere();
    return id;
  }

  /** Whether any work is queued or running. */
  public boolean anyUnderWay() {
    return one(
            "select 1 from job where status in ('queued', 'running') limit 1", row -> row.getInt(1))
        .isPresent();
  }

  private Optional<UUID> underWay(String kind, String subject) {
    return one(
        "select id from job where kind = ? and subject = ?"
            + " and status in ('queued', 'running', 'paused')",
        row -> row.getObject(1, UUID.class),
        kind,
        subject);
  }

  Optional<Job> find(UUID id) {
    return one("select " + Job.COLUMNS + " from job where id = ?", Job::of, id);
  }

  List<Job> find(Collection<UUID> ids) {
    return all(
        "select " + Job.COLUMNS + " from job where id = any (?)",
        Job::of,
        (Object) ids.toArray(UUID[]::new));
  }

  /**
   * The newest first.
   *
   * @param kind null for all
   * @param status null for all
   */
  List<Job> newest(String kind, String status, Instant before, UUID beforeId, int limit) {
    return all(
        "select "
            + Job.COLUMNS
            + " from job where (created_at, id) < (?, ?) and (?::text is null or kind = ?)"
            + " and (?::text is null or status = ?) order by created_at desc, id desc limit ?",
        Job::of,
        before,
        beforeId,
        kind,
        kind,
        status,
        status,
        limit);
  }

  /**
   * Asks for the end of a job. A waiting one ends at once, a running one when it next reports.
   *
   * @throws ProblemException 404 where there is none, 409 where it has ended
   */
  public void cancel(UUID id) {
    cancelled(id);
  }

  Job cancelled(UUID id) {
    return changed(
        id,
        "cancelled",
        "update job set cancel_wanted = true,"
            + " status = case status when 'running' then status else 'cancelled' end,"
            + " ended_at = case status when 'running' then null else ?::timestamptz end,"
            + " admitted = admitted and status = 'running'"
            + " where id = ? and status in ('queued', 'running', 'paused')",
        clock.instant(),
        id);
  }

  /** Asks for a pause. A queued job rests at once, a running one when it next reports. */
  Job pause(UUID id) {
    Job job = require(id);
    if (!kinds.pausable(job.kind())) {
      throw ProblemException.conflict(
          "not-pausable", "Cannot be paused", "work of the kind '" + job.kind() + "' cannot rest");
    }
    return changed(
        id,
        "paused",
        "update job set pause_wanted = true,"
            + " status = case status when 'queued' then 'paused' else status end,"
            + " admitted = admitted and status = 'running'"
            + " where id = ? and status in ('queued', 'running', 'paused')",
        id);
  }

  /** Takes a pause back; a paused job is queued again and goes on from its checkpoint. */
  Job resume(UUID id) {
    Job job =
        changed(
            id,
            "resumed",
            "update job set pause_wanted = false,"
                + " status = case status when 'paused' then 'queued' else status end,"
                + " due_at = case status when 'paused' then ?::timestamptz else due_at end"
                + " where id = ? and (status = 'paused' or status = 'running' and pause_wanted)",
            clock.instant(),
            id);
    signals.workIsThere();
    return job;
  }

  /** Queues a failed or dead job again, with all attempts before it and from its checkpoint. */
  Job tryAgain(UUID id) {
    Job job = require(id);
    if (underWay(job.kind(), job.subject()).filter(other -> !other.equals(id)).isPresent()) {
      throw ProblemException.conflict(
          "job-under-way", "Already under way", "newer work on the same is under way");
    }
    Job queued =
        changed(
            id,
            "tried again",
            "update job set status = 'queued', failures = 0, losses = 0, problem = null,"
                + " cancel_wanted = false, pause_wanted = false, ended_at = null, due_at = ?,"
                + " admitted = false where id = ? and status in ('failed', 'dead')",
            clock.instant(),
            id);
    signals.workIsThere();
    return queued;
  }

  private Job changed(UUID id, String what, String change, Object... values) {
    Job job =
        one(change + " returning " + Job.COLUMNS, Job::of, values)
            .orElseThrow(() -> notInThisState(require(id), what));
    signals.changed(id);
    return job;
  }

  private static ProblemException notInThisState(Job job, String what) {
    String detail = "the job is " + job.status() + " and cannot be " + what;
    return what.equals("cancelled")
        ? ProblemException.conflict("job-ended", "Job has ended", detail)
        : ProblemException.conflict("job-state", "Not in this state", detail);
  }

  private Job require(UUID id) {
    return find(id).orElseThrow(() -> ProblemException.notFound("job", id.toString()));
  }

  /** Kinds of which work is due that has no place in the queue yet. */
  List<String> kindsWaiting() {
    return all(
        "select distinct kind from job where status = 'queued' and not admitted and due_at <= ?",
        row -> row.getString(1),
        clock.instant());
  }

  /**
   * Gives queued jobs of a kind their place in the queue: as many as may run beside those that have
   * one. In a transaction of its own, in which whoever admits work of a kind waits for whoever else
   * does.
   *
   * @return how many
   */
  int admit(String kind, int atOnce) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        int placed = admit(connection, kind, atOnce);
        connection.commit();
        return placed;
      } catch (SQLException failure) {
        connection.rollback();
        throw failure;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("jobs cannot be admitted", failure);
    }
  }

  private int admit(Connection connection, String kind, int atOnce) throws SQLException {
    // A statement of its own: the next one must see what whoever held the lock has admitted.
    try (PreparedStatement turn =
        prepared(
            connection,
            "select pg_advisory_xact_lock(hashtext('kailash.jobs.admit'), hashtext(?))",
            kind)) {
      turn.execute();
    }
    try (PreparedStatement place =
        prepared(
            connection,
            "with next as (select id from job where kind = ? and status = 'queued'"
                + " and not admitted and due_at <= ? order by priority desc, created_at, id"
                + " limit (select greatest(0, least(?, ?::bigint - count(*))) from job"
                + " where kind = ? and admitted) for update skip locked),"
                + " placed as (update job set admitted = true, admission = admission + 1"
                + " where id in (select id from next) returning *)"
                + PLACE,
            kind,
            clock.instant(),
            ADMITTED_AT_ONCE,
            atOnce,
            kind)) {
      return place.executeUpdate();
    }
  }

  /**
   * Marks a job as running, if it may still be begun from this place in the queue.
   *
   * @return the job with the checkpoint of its former runs
   */
  Optional<Job> begin(UUID id, int admission) {
    Instant now = clock.instant();
    Optional<Job> begun =
        one(
            "update job set status = 'running', attempts = attempts + 1,"
                + " losses = losses + case status when 'running' then 1 else 0 end,"
                + " started_at = coalesce(started_at, ?), counted_at = ?, rate = null"
                + " where id = ? and admission = ? and admitted and status in ('queued', 'running')"
                + " returning "
                + Job.COLUMNS,
            Job::of,
            now,
            now,
            id,
            admission);
    if (begun.isEmpty() || begun.get().attempts() == 1) {
      return begun;
    }
    // From here on a former run that is still alive can write no checkpoint any more.
    Optional<JsonNode> state =
        one(
            "insert into job_checkpoint (job_id, attempt) values (?, ?) on conflict (job_id)"
                + " do update set attempt = excluded.attempt returning state::text",
            row -> read(row.getString(1)),
            id,
            begun.get().attempts());
    return Optional.of(begun.get().goingOnFrom(state.orElse(null)));
  }

  /** Returns whether the run of that number may write it still. */
  boolean checkpoint(Connection connection, UUID id, int attempt, JsonNode state)
      throws SQLException {
    try (PreparedStatement statement =
        prepared(
            connection,
            "insert into job_checkpoint as c (job_id, attempt, state) values (?, ?, ?::jsonb)"
                + " on conflict (job_id) do update set state = excluded.state"
                + " where c.attempt = excluded.attempt",
            id,
            attempt,
            state.toString())) {
      return statement.executeUpdate() == 1;
    }
  }

  @Transactional(Transactional.TxType.REQUIRES_NEW)
  JobRun.Wishes report(UUID id, int attempt, JobRun.Standing now, Instant at) {
    JobRun.Wishes wishes =
        one(
                "update job set phase = ?, fraction_done = ?, done = ?, failed = ?, total = ?,"
                    + " rate = ?, counted_at = ? where id = ? and attempts = ?"
                    + " and status = 'running' returning cancel_wanted, pause_wanted",
                row -> new JobRun.Wishes(row.getBoolean(1), row.getBoolean(2), false),
                now.phase(),
                now.fractionDone(),
                now.done(),
                now.failed(),
                now.total(),
                now.rate(),
                at,
                id,
                attempt)
            .orElse(new JobRun.Wishes(true, false, true));
    signals.changed(id);
    return wishes;
  }

  /**
   * What becomes of a job after a run.
   *
   * @param status the new one
   * @param result null for nothing
   * @param problem why it is not well, or null
   * @param failed whether this run counts as a failure
   * @param dueAt when it may be begun again; only with the status queued
   */
  record Outcome(String status, Object result, String problem, boolean failed, Instant dueAt) {
    static Outcome of(String status) {
      return new Outcome(status, null, null, false, null);
    }

    static Outcome failure(String status, String problem) {
      return new Outcome(status, null, problem, true, null);
    }
  }

  /** Writes what became of a run, unless another run has taken its place. */
  boolean end(Job job, Outcome outcome, JobRun.Standing last) {
    boolean over = !outcome.status().equals(Job.QUEUED) && !outcome.status().equals(Job.PAUSED);
    Instant now = clock.instant();
    int rows =
        update(
            "update job set status = ?, admitted = false, result = ?::jsonb, problem = ?,"
                + " failures = failures + ?, due_at = coalesce(?, due_at), ended_at = ?,"
                + " phase = ?, fraction_done = ?, done = ?, failed = ?, total = ?, rate = ?,"
                + " counted_at = ? where id = ? and attempts = ? and status = 'running'",
            outcome.status(),
            outcome.result() == null ? null : tree(outcome.result()).toString(),
            outcome.problem(),
            outcome.failed() ? 1 : 0,
            outcome.dueAt(),
            over ? now : null,
            last.phase(),
            outcome.status().equals(Job.SUCCEEDED) ? 1.0 : last.fractionDone(),
            last.done(),
            last.failed(),
            last.total(),
            last.rate(),
            now,
            job.id(),
            job.attempts());
    signals.changed(job.id());
    return rows == 1;
  }

  /** How many jobs are in a state, and since when the first of them. */
  record Count(String kind, String status, long jobs, Instant oldest) {}

  List<Count> counts() {
    return all(
        "select kind, status, count(*), min(created_at) from job"
            + " where status in ('queued', 'running', 'paused', 'dead') group by kind, status",
        row ->
            new Count(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getTimestamp(4).toInstant()));
  }

  /**
   * Ids of jobs that were over before a moment, and of jobs that files were written for in vain.
   */
  List<UUID> overBefore(Instant moment, int limit) {
    return all(
        "(select id from job where status in ('succeeded', 'failed', 'cancelled', 'dead')"
            + " and ended_at < ? order by ended_at limit ?)"
            + " union (select f.job_id from job_file f where f.created_at < ?"
            + " and not exists (select 1 from job j where j.id = f.job_id) limit ?)",
        row -> row.getObject(1, UUID.class),
        moment,
        limit,
        moment,
        limit);
  }

  void remove(Collection<UUID> ids) {
    update(
        "delete from job where id = any (?)"
            + " and status in ('succeeded', 'failed', 'cancelled', 'dead')",
        (Object) ids.toArray(UUID[]::new));
  }

  /** Reads one column of one row. */
  interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  private <T> Optional<T> one(String sql, Reading<T> reading, Object... values) {
    return all(sql, row -> Optional.ofNullable(reading.of(row)), values).stream()
        .findFirst()
        .flatMap(found -> found);
  }

  private <T> List<T> all(String sql, Reading<T> reading, Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = prepared(connection, sql, values);
        ResultSet row = statement.executeQuery()) {
      List<T> found = new ArrayList<>();
      while (row.next()) {
        found.add(reading.of(row));
      }
      return found;
    } catch (SQLException failure) {
      throw new IllegalStateException("jobs cannot be read", failure);
    }
  }

  private int update(String sql, Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = prepared(connection, sql, values)) {
      return statement.executeUpdate();
    } catch (SQLException failure) {
      throw new IllegalStateException("jobs cannot be written", failure);
    }
  }

  private static PreparedStatement prepared(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof Instant moment) {
        statement.setObject(i + 1, moment.atOffset(ZoneOffset.UTC));
      } else if (value instanceof UUID[] ids) {
        statement.setArray(i + 1, connection.createArrayOf("uuid", ids));
      } else {
        statement.setObject(i + 1, value);
      }
    }
    return statement;
  }

  static JsonNode tree(Object value) {
    return Json.MAPPER.valueToTree(value);
  }

  static JsonNode read(String json) {
    try {
      return json == null ? null : Json.MAPPER.readTree(json);
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException("a job has damaged JSON", damaged);
    }
  }
}
