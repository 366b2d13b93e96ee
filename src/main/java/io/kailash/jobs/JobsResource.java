package io.kailash.jobs;

import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.Cursor;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import io.kailash.platform.SlowAnswers;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Background work, as callers watch and steer it, and its files. */
@Path("jobs")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
public class JobsResource {
  private static final Instant FAR_AHEAD = Instant.parse("9999-01-01T00:00:00Z");
  private static final UUID HIGHEST = new UUID(-1, -1);

  private static final Set<String> STATES =
      Set.of(
          Job.QUEUED, Job.RUNNING, Job.PAUSED, Job.SUCCEEDED, Job.FAILED, Job.CANCELLED, Job.DEAD);

  private final Jobs jobs;
  private final JobFiles files;
  private final JobEvents events;
  private final SlowAnswers slow;

  @Inject
  JobsResource(Jobs jobs, JobFiles files, JobEvents events, SlowAnswers slow) {
    this.jobs = jobs;
    this.files = files;
    this.events = events;
    this.slow = slow;
  }

  @GET
  @RequiresRole(Role.READER)
  public Response list(
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @QueryParam("kind") String kind,
      @QueryParam("status") String status,
      @Context UriInfo uri) {
    int rows = Page.limit(limit);
    if (status != null && !STATES.contains(status)) {
      throw ProblemException.invalid("?status", "is none of " + new TreeSet<>(STATES));
    }
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
    List<Job> found = jobs.newest(kind, status, before, beforeId, rows + 1);
    List<JobAnswer> page = found.stream().limit(rows).map(job -> JobAnswer.of(job, null)).toList();
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
    return answer(jobs.find(uuid(id)).orElseThrow(() -> ProblemException.notFound("job", id)));
  }

  private JobAnswer answer(Job job) {
    return JobAnswer.of(job, files.of(job.id()));
  }

  @POST
  @Path("{id}/cancel")
  @RequiresRole(Role.EDITOR)
  public JobAnswer cancel(@PathParam("id") String id) {
    return answer(jobs.cancelled(uuid(id)));
  }

  @POST
  @Path("{id}/pause")
  @RequiresRole(Role.EDITOR)
  public JobAnswer pause(@PathParam("id") String id) {
    return answer(jobs.pause(uuid(id)));
  }

  @POST
  @Path("{id}/resume")
  @RequiresRole(Role.EDITOR)
  public JobAnswer resume(@PathParam("id") String id) {
    return answer(jobs.resume(uuid(id)));
  }

  @POST
  @Path("{id}/retry")
  @RequiresRole(Role.EDITOR)
  public JobAnswer retry(@PathParam("id") String id) {
    return answer(jobs.tryAgain(uuid(id)));
  }

  @GET
  @Path("{id}/events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @RequiresRole(Role.READER)
  public void events(@PathParam("id") String id, @Context SseEventSink sink, @Context Sse sse) {
    events.watch(uuid(id), sink, sse);
  }

  @GET
  @Path("{id}/files/{name}")
  @Produces(MediaType.WILDCARD)
  @RequiresRole(Role.READER)
  public void file(
      @PathParam("id") String id,
      @PathParam("name") String name,
      @HeaderParam("Range") String range,
      @HeaderParam("If-Range") String ifRange,
      @Context HttpHeaders headers,
      @Suspended AsyncResponse waiting) {
    UUID job = uuid(id);
    JobFiles.Stored file =
        files.find(job, name).orElseThrow(() -> ProblemException.notFound("file", name));
    MediaType type = MediaType.valueOf(file.mediaType());
    if (headers.getAcceptableMediaTypes().stream().noneMatch(type::isCompatible)) {
      throw new NotAcceptableException();
    }
    slow.give(waiting, () -> fileAnswer(job, file, range, ifRange));
  }

  private Response fileAnswer(UUID job, JobFiles.Stored file, String range, String ifRange) {
    // Only a whole file is the same tomorrow.
    String tag = file.whole() ? '"' + HexFormat.of().formatHex(file.sha256()) + '"' : null;
    Response.ResponseBuilder answer =
        Response.ok().type(file.mediaType()).header("Accept-Ranges", "bytes");
    if (tag != null) {
      answer
          .header("ETag", tag)
          .header(
              "Repr-Digest", "sha-256=:" + Base64.getEncoder().encodeToString(file.sha256()) + ":");
    }
    ByteRange part = new ByteRange(0, file.bytes());
    try {
      Optional<ByteRange> asked =
          ifRange == null || ifRange.equals(tag)
              ? ByteRange.of(range, file.bytes())
              : Optional.empty();
      if (asked.isPresent()) {
        part = asked.get();
        answer
            .status(Response.Status.PARTIAL_CONTENT)
            .header(
                "Content-Range",
                "bytes " + part.from() + "-" + (part.end() - 1) + "/" + file.bytes());
      }
    } catch (ByteRange.Unsatisfiable none) {
      throw new ProblemException(
              416,
              "range-not-satisfiable",
              "Range not satisfiable",
              "the file has " + file.bytes() + " bytes",
              List.of())
          .header("Content-Range", "bytes */" + file.bytes());
    }
    ByteRange sent = part;
    return answer
        .header("Content-Length", sent.end() - sent.from())
        .entity((StreamingOutput) out -> files.send(job, file.name(), out, sent.from(), sent.end()))
        .build();
  }

  private static UUID uuid(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException notAnId) {
      throw ProblemException.notFound("job", id);
    }
  }
}
