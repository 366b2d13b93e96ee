package io.kailash.recommendation.training;

import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.jobs.Jobs;
import io.kailash.platform.Cursor;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
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

/** Recommender models: train, look at, activate, roll back. */
@Path("recommender-models")
@Singleton
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class RecommenderModelsResource {
  private final RecommenderRegistry registry;
  private final ActiveRecommender active;
  private final RecommenderTraining training;
  private final Jobs jobs;

  @Inject
  RecommenderModelsResource(
      RecommenderRegistry registry,
      ActiveRecommender active,
      RecommenderTraining training,
      Jobs jobs) {
    this.registry = registry;
    this.active = active;
    this.training = training;
    this.jobs = jobs;
  }

  record TrainRequest(Boolean activate) {}

  record TrainAnswer(UUID job) {}

  record ActivateRequest(Boolean force) {}

  /** Trains in the background. */
  @POST
  @RequiresRole(Role.EDITOR)
  public Response train(
      TrainRequest request, @Context SecurityContext security, @Context UriInfo uri) {
    UUID job =
        jobs.submit(
            RecommenderTraining.KIND,
            RecommenderTraining.SUBJECT,
            new RecommenderTraining.Order(!Boolean.FALSE.equals(request.activate())),
            Caller.of(security).name());
    return Response.accepted(new TrainAnswer(job))
        .location(uri.getBaseUriBuilder().path("jobs").path(job.toString()).build())
        .build();
  }

  @GET
  @RequiresRole(Role.READER)
  public Response list(
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context UriInfo uri) {
    int rows = Page.limit(limit);
    List<StoredRecommender> found = registry.all(before(cursor), rows + 1);
    List<StoredRecommender> page = found.stream().limit(rows).toList();
    String next = found.size() > rows ? Cursor.of(Long.toString(page.get(rows - 1).id())) : null;
    return new Page<>(page, next).response(uri);
  }

  private static long before(String cursor) {
    if (cursor == null) {
      return Long.MAX_VALUE;
    }
    try {
      return Long.parseLong(Cursor.read(cursor, 1)[0]);
    } catch (NumberFormatException notOurs) {
      throw ProblemException.invalid("?cursor", "is not a cursor of this list");
    }
  }

  @GET
  @Path("{version}")
  @RequiresRole(Role.READER)
  public StoredRecommender read(@PathParam("version") String version) {
    return registry.require(version);
  }

  /** Makes a model the active one, unless it is worse. */
  @POST
  @Path("{version}/activate")
  @RequiresRole(Role.ADMINISTRATOR)
  public StoredRecommender activate(
      @PathParam("version") String version,
      ActivateRequest request,
      @Context SecurityContext security) {
    return training.activate(
        registry.require(version),
        Boolean.TRUE.equals(request.force()),
        Caller.of(security).name());
  }

  /** Makes the model active that was so before. */
  @POST
  @Path("roll-back")
  @RequiresRole(Role.ADMINISTRATOR)
  public StoredRecommender rollBack(@Context SecurityContext security) {
    StoredRecommender now = registry.rollBack(Caller.of(security).name());
    active.refresh();
    return now;
  }
}
