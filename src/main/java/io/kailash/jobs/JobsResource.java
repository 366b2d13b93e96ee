package io.kailash.jobs;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.Cursor;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;

/** Background work, as callers watch and cancel it. */
@Path("jobs")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
public class JobsResource {
  private static final Instant FAR_AHEAD = Instant.parse("9999-01-01T00:00:00Z");
  private static final UUID HIGHEST = new UUID(-1, -1);

  private final Jobs jobs;

  @Inject
  JobsResource(Jobs jobs) {
    this.jobs = jobs;
  }

  record JobAnswer(
      UUID id,
      String kind,
      String subject,
      String status,
      String phase,
      double fractionDone,
      @JsonRawValue String parameters,
      @JsonRawValue String result,
      String problem,
      int attempts,
      Instant createdAt,
      String createdBy,
      Instant startedAt,
      Instant endedAt) {
    static JobAnswer of(Job job) {
      return new JobAnswer(
          job.id,
          job.kind,
          job.subject,
          job.status,
          job.phase,
          job.fractionDone,
          job.parameters,
          job.result,
          job.problem,
          job.attempts,
          job.createdAt,
          job.createdBy,
          job.startedAt,
          job.endedAt);
    }
  }

  @GET
  @RequiresRole(Role.READER)
  public Response list(
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context UriInfo uri) {
    int rows = Page.limit(limit);
    Instant before = FAR_AHEAD;
    UUID beforeId = HIGHEST;
    if (cursor != null) {
      String[] keys = Cursor.read(cursor, 2);
      try {
        before = Instant.parse(keys[0]);
        beforeId = UUID.fromString(keys[1]);
      } catch (DateTimeParseException | IllegalArgumentException notOurs) {
        throw ProblemException.invalid("?cursor", "is not a cursor of this list");
      }
    }
    List<Job> found = jobs.newest(before, beforeId, rows + 1);
    List<JobAnswer> page = found.stream().limit(rows).map(JobAnswer::of).toList();
    String next =
        found.size() > rows
            ? Cursor.of(
                page.get(rows - 1).createdAt().toString(), page.get(rows - 1).id().toString())
            : null;
    return new Page<>(page, next).response(uri);
  }

  @GET
  @Path("{id}")
  @RequiresRole(Role.READER)
  public JobAnswer read(@PathParam("id") String id) {
    return JobAnswer.of(
        jobs.find(uuid(id)).orElseThrow(() -> ProblemException.notFound("job", id)));
  }

  @POST
  @Path("{id}/cancel")
  @RequiresRole(Role.EDITOR)
  public JobAnswer cancel(@PathParam("id") String id) {
    return JobAnswer.of(jobs.cancel(uuid(id)));
  }

  private static UUID uuid(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException notAnId) {
      throw ProblemException.notFound("job", id);
    }
  }
}
