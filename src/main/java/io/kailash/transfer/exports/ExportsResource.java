package io.kailash.transfer.exports;

import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.jobs.Jobs;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** What is stored, as a file: at once, or by a job whose file can be fetched in ranges. */
@Path("exports")
@Singleton
@RequiresRole(Role.READER)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ExportsResource {
  private static final int RETRY_SECONDS = 10;

  private final Exports exports;
  private final Jobs jobs;
  private final Semaphore places;

  @Inject
  ExportsResource(Exports exports, Jobs jobs, Settings settings) {
    this.exports = exports;
    this.jobs = jobs;
    // Each holds a connection of its own for as long as its reader takes.
    places = new Semaphore(settings.wholeNumber("kailash.exports.at-once", 4, 1, 100));
  }

  record SubmittedAnswer(UUID job) {}

  /** As a stream, as of now. */
  @GET
  @Path("{what}")
  @Produces({"text/csv", "application/x-ndjson", "application/gzip"})
  public Response download(
      @PathParam("what") String what,
      @QueryParam("format") String format,
      @QueryParam("gzip") String gzip,
      @QueryParam("taxonomy") String taxonomy,
      @QueryParam("category") String category,
      @QueryParam("since") String since,
      @QueryParam("user") String user,
      @QueryParam("escape_formulas") String escapeFormulas,
      @Context Request http) {
    if (!ExportRequest.WHATS.contains(what)) {
      throw ProblemException.notFound("export", what);
    }
    Exports.Ready ready =
        exports.ready(
            new ExportRequest(
                what,
                format,
                ExportRequest.flag("gzip", gzip),
                taxonomy,
                category,
                since,
                user,
                ExportRequest.flag("escape_formulas", escapeFormulas)));
    // To HEAD nothing is written, so nothing would give the place back.
    if (!http.getMethod().equals("HEAD") && !places.tryAcquire()) {
      throw ProblemException.unavailable(
          "as many exports as allowed are under way (setting kailash.exports.at-once); wait, or"
              + " submit one by POST /api/v1/exports",
          RETRY_SECONDS);
    }
    StreamingOutput body =
        out -> {
          try {
            exports.write(ready, out, rows -> {});
          } finally {
            places.release();
          }
        };
    return Response.ok(body)
        .type(ready.request().mediaType())
        .header(
            "Content-Disposition", "attachment; filename=\"" + ready.request().fileName() + "\"")
        .header("Accept-Ranges", "none")
        .header("Cache-Control", "no-store")
        .build();
  }

  /** As a job. */
  @POST
  @Transactional
  public Response submit(
      ExportRequest asked, @Context SecurityContext security, @Context UriInfo uri) {
    ExportRequest request = exports.ready(asked).request();
    UUID id = jobs.newId();
    UUID job =
        jobs.submit(
            id, ExportJob.NAME, request.what() + "/" + id, request, Caller.of(security).name());
    return Response.accepted(new SubmittedAnswer(job))
        .location(uri.getBaseUriBuilder().path("jobs").path(job.toString()).build())
        .build();
  }
}
