package io.kailash.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A piece of background work and how far it is.
 *
 * @param total -1 where unknown
 * @param rate items per second of late, or null
 * @param attempts runs that were begun; the number of the run at hand
 * @param failures runs that ended with a failure worth repeating
 * @param losses runs whose instance vanished
 * @param checkpoint where to go on; read only where a run begins
 */
record Job(
    UUID id,
    String kind,
    String subject,
    String status,
    int priority,
    JsonNode parameters,
    String phase,
    double fractionDone,
    long done,
    long failed,
    long total,
    Double rate,
    JsonNode result,
    String problem,
    int attempts,
    int failures,
    int losses,
    boolean cancelWanted,
    boolean pauseWanted,
    Instant createdAt,
    String createdBy,
    Instant dueAt,
    Instant startedAt,
    Instant countedAt,
    Instant endedAt,
    JsonNode checkpoint) {
  static final String QUEUED = "queued";
  static final String RUNNING = "running";
  static final String PAUSED = "paused";
  static final String SUCCEEDED = "succeeded";
  static final String FAILED = "failed";
  static final String CANCELLED = "cancelled";
  static final String DEAD = "dead";

  /** What {@link #of} reads. */
  static final String COLUMNS =
      "id, kind, subject, status, priority, parameters::text, phase, fraction_done, done, failed,"
          + " total, rate, result::text, problem, attempts, failures, losses, cancel_wanted,"
          + " pause_wanted, created_at, created_by, due_at, started_at, counted_at, ended_at";

  static Job of(ResultSet row) throws SQLException {
    float rate = row.getFloat("rate");
    Double rateOrNone = row.wasNull() ? null : (double) rate;
    return new Job(
        row.getObject("id", UUID.class),
        row.getString("kind"),
        row.getString("subject"),
        row.getString("status"),
        row.getInt("priority"),
        Jobs.read(row.getString("parameters")),
        row.getString("phase"),
        row.getDouble("fraction_done"),
        row.getLong("done"),
        row.getLong("failed"),
        row.getLong("total"),
        rateOrNone,
        Jobs.read(row.getString("result")),
        row.getString("problem"),
        row.getInt("attempts"),
        row.getInt("failures"),
        row.getInt("losses"),
        row.getBoolean("cancel_wanted"),
        row.getBoolean("pause_wanted"),
        instant(row, "created_at"),
        row.getString("created_by"),
        instant(row, "due_at"),
        instant(row, "started_at"),
        instant(row, "counted_at"),
        instant(row, "ended_at"),
        null);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  Job goingOnFrom(JsonNode state) {
    return new Job(
        id,
        kind,
        subject,
        status,
        priority,
        parameters,
        phase,
        fractionDone,
        done,
        failed,
        total,
        rate,
        result,
        problem,
        attempts,
        failures,
        losses,
        cancelWanted,
        pauseWanted,
        createdAt,
        createdBy,
        dueAt,
        startedAt,
        countedAt,
        endedAt,
        state);
  }

  boolean ended() {
    return switch (status) {
      case QUEUED, RUNNING, PAUSED -> false;
      default -> true;
    };
  }

  /** When it will be done at the pace of late; null where that is not known. */
  Instant estimatedEnd() {
    if (!status.equals(RUNNING) || total < 0 || rate == null || rate <= 0 || countedAt == null) {
      return null;
    }
    double seconds = Math.max(0, total - done - failed) / rate;
    return seconds > Duration.ofDays(3650).toSeconds()
        ? null
        : countedAt.plusMillis((long) (seconds * 1000));
  }
}
