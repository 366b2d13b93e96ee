package io.kailash.projection;

import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.Page;
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
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.UUID;

/** The derived stores: how far they are, whether they are right, and how to put them right. */
@Path("operations/projections")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
public class ProjectionsResource {
  private final Projections projections;
  private final Ledger ledger;
  private final Upkeep upkeep;

  @Inject
  ProjectionsResource(Projections projections, Ledger ledger, Upkeep upkeep) {
    this.projections = projections;
    this.ledger = ledger;
    this.upkeep = upkeep;
  }

  record StatesAnswer(List<Projections.TargetState> targets, List<Ledger.SetAside> setAside) {}

  record RebuildAnswer(UUID job) {}

  record RetryAnswer(long id, boolean taken, String reason) {}

  /** How far every target is, and what was set aside, newest first. */
  @GET
  @RequiresRole(Role.ADMINISTRATOR)
  public StatesAnswer states(@QueryParam("limit") Integer limit) {
    return new StatesAnswer(projections.refresh(), ledger.setAside(Page.limit(limit)));
  }

  /** Compares a target with the tables. */
  @GET
  @Path("{target}/check")
  @RequiresRole(Role.ADMINISTRATOR)
  public Upkeep.Checked check(
      @PathParam("target") String target, @QueryParam("limit") Integer limit) {
    return upkeep.check(target, Page.limit(limit));
  }

  /** Writes a target anew, in the background. */
  @POST
  @Path("{target}/rebuild")
  @RequiresRole(Role.ADMINISTRATOR)
  public Response rebuild(
      @PathParam("target") String target, @Context SecurityContext security, @Context UriInfo uri) {
    UUID job = upkeep.rebuild(target, Caller.of(security).name());
    return Response.accepted(new RebuildAnswer(job))
        .location(uri.getBaseUriBuilder().path("jobs").path(job.toString()).build())
        .build();
  }

  /** Offers a target once more what it had refused. */
  @POST
  @Path("{target}/set-aside/{id}/retry")
  @RequiresRole(Role.ADMINISTRATOR)
  public RetryAnswer retry(
      @PathParam("target") String target,
      @PathParam("id") String id,
      @Context SecurityContext security) {
    Upkeep.Retried retried = upkeep.retry(target, id, Caller.of(security).name());
    return new RetryAnswer(retried.id(), retried.taken(), retried.reason());
  }
}
