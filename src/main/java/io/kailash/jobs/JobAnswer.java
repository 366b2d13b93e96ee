package io.kailash.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * A job, as callers see it.
 *
 * @param total absent where unknown
 * @param perSecond items per second over the last ten seconds
 * @param estimatedEnd at that pace
 * @param dueAt when it is tried again, where it waits for that
 */
record JobAnswer(
    UUID id,
    String kind,
    String subject,
    String status,
    int priority,
    String phase,
    double fractionDone,
    long done,
    long failed,
    Long total,
    Double perSecond,
    Instant estimatedEnd,
    JsonNode parameters,
    JsonNode result,
    String problem,
    int attempts,
    int failures,
    Boolean cancelWanted,
    Boolean pauseWanted,
    Instant createdAt,
    String createdBy,
    Instant dueAt,
    Instant startedAt,
    Instant endedAt,
    List<FileAnswer> files) {

  /**
   * A file of the job.
   *
   * @param sha256 in hexadecimal digits, once it is whole
   */
  record FileAnswer(String name, String mediaType, long bytes, String sha256, String href) {}

  static JobAnswer of(Job job, List<JobFiles.Stored> files) {
    boolean running = job.status().equals(Job.RUNNING);
    return new JobAnswer(
        job.id(),
        job.kind(),
        job.subject(),
        job.status(),
        job.priority(),
        job.phase(),
        job.fractionDone(),
        job.done(),
        job.failed(),
        job.total() < 0 ? null : job.total(),
        running && job.rate() != null ? Math.rint(job.rate() * 10) / 10 : null,
        job.estimatedEnd(),
        job.parameters(),
        job.result(),
        job.problem(),
        job.attempts(),
        job.failures(),
        running && job.cancelWanted() ? true : null,
        running && job.pauseWanted() ? true : null,
        job.createdAt(),
        job.createdBy(),
        job.status().equals(Job.QUEUED) && job.failures() > 0 ? job.dueAt() : null,
        job.startedAt(),
        job.endedAt(),
        files == null ? null : files.stream().map(file -> of(job, file)).toList());
  }

  private static FileAnswer of(Job job, JobFiles.Stored file) {
    return new FileAnswer(
        file.name(),
        file.mediaType(),
        file.bytes(),
        file.whole() ? HexFormat.of().formatHex(file.sha256()) : null,
        "/api/v1/jobs/" + job.id() + "/files/" + file.name());
  }
}
