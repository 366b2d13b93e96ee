package io.kailash.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.platform.Json;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A piece of background work and how far it is. */
@Entity
@Table(name = "job")
class Job {
  static final String QUEUED = "queued";
  static final String RUNNING = "running";
  static final String SUCCEEDED = "succeeded";
  static final String FAILED = "failed";
  static final String CANCELLED = "cancelled";

  @Id UUID id;

  @Column(nullable = false)
  String kind;

  @Column(nullable = false)
  String subject;

  @Column(nullable = false)
  String status;

  @JdbcTypeCode(SqlTypes.JSON)
  @Column(nullable = false)
  String parameters;

  String phase;

  @Column(name = "fraction_done", nullable = false)
  double fractionDone;

  @JdbcTypeCode(SqlTypes.JSON)
  String result;

  String problem;

  @Column(nullable = false)
  int attempts;

  @Column(name = "cancel_wanted", nullable = false)
  boolean cancelWanted;

  @Column(name = "created_at", nullable = false)
  Instant createdAt;

  @Column(name = "created_by", nullable = false)
  String createdBy;

  @Column(name = "started_at")
  Instant startedAt;

  @Column(name = "ended_at")
  Instant endedAt;

  boolean ended() {
    return !status.equals(QUEUED) && !status.equals(RUNNING);
  }

  JsonNode parametersAsJson() {
    try {
      return Json.MAPPER.readTree(parameters);
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException("job " + id + " has damaged parameters", damaged);
    }
  }
}
