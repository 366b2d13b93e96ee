package io.kailash.classification;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.jobs.Jobs;
import io.kailash.platform.Cursor;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
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
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Models: train, look at, activate, roll back. */
@Path("models")
@Singleton
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource {
  private final ModelRegistry registry;
  private final ActiveModels active;
  private final Training training;
  private final Taxonomies taxonomies;
  private final Jobs jobs;

  @Inject
  ModelsResource(
      ModelRegistry registry,
      ActiveModels active,
      Training training,
      Taxonomies taxonomies,
      Jobs jobs) {
    this.registry = registry;
    this.active = active;
    this.training = training;
    this.taxonomies = taxonomies;
    this.jobs = jobs;
  }

  record TrainRequest(String taxonomy, Boolean activate) {}

  record TrainAnswer(UUID job) {}

  record ActivateRequest(Boolean force) {}

  record RollBackRequest(String taxonomy) {}

  record ModelAnswer(
      String version,
      String status,
      int taxonomyVersion,
      String taxonomyDigest,
      String trainingDataDigest,
      long examples,
      int categories,
      long sizeBytes,
      String sha256,
      @JsonRawValue String quality,
      @JsonRawValue String comparison,
      Instant trainedAt,
      String trainedBy,
      Instant activatedAt,
      String activatedBy) {
    static ModelAnswer of(StoredModel m) {
      return new ModelAnswer(
          m.version,
          m.status,
          m.taxonomyVersion,
          m.treeDigest,
          m.dataDigest,
          m.examples,
          m.categories,
          m.sizeBytes,
          HexFormat.of().formatHex(m.sha256),
          m.quality,
          m.comparison,
          m.trainedAt,
          m.trainedBy,
          m.activatedAt,
          m.activatedBy);
    }
  }

  /** Trains in the background. */
  @POST
  @RequiresRole(Role.EDITOR)
  public Response train(
      TrainRequest request, @Context SecurityContext security, @Context UriInfo uri) {
    Taxonomy taxonomy = taxonomies.require(request.taxonomy());
    boolean activate = !Boolean.FALSE.equals(request.activate());
    UUID job =
        jobs.submit(
            Training.KIND,
            taxonomy.code(),
            new Training.Order(activate),
            Caller.of(security).name());
    return Response.accepted(new TrainAnswer(job))
        .location(uri.getBaseUriBuilder().path("jobs").path(job.toString()).build())
        .build();
  }

  @GET
  @RequiresRole(Role.READER)
  public Response list(
      @QueryParam("taxonomy") String taxonomy,
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context UriInfo uri) {
    int rows = Page.limit(limit);
    Long taxonomyId = taxonomy == null ? null : taxonomies.require(taxonomy).id();
    List<StoredModel> found = registry.all(taxonomyId, before(cursor), rows + 1);
    List<ModelAnswer> page = found.stream().limit(rows).map(ModelAnswer::of).toList();
    String next = found.size() > rows ? Cursor.of(Long.toString(found.get(rows - 1).id)) : null;
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
  public ModelAnswer read(@PathParam("version") String version) {
    return ModelAnswer.of(registry.require(version));
  }

  /** Makes a model the active one, unless it is worse. */
  @POST
  @Path("{version}/activate")
  @RequiresRole(Role.ADMINISTRATOR)
  public ModelAnswer activate(
      @PathParam("version") String version,
      ActivateRequest request,
      @Context SecurityContext security) {
    return ModelAnswer.of(
        training.activate(
            registry.require(version),
            Boolean.TRUE.equals(request.force()),
            Caller.of(security).name()));
  }

  /** Makes the model active that was so before. */
  @POST
  @Path("roll-back")
  @RequiresRole(Role.ADMINISTRATOR)
  public ModelAnswer rollBack(RollBackRequest request, @Context SecurityContext security) {
    StoredModel now =
        registry.rollBack(taxonomies.require(request.taxonomy()).id(), Caller.of(security).name());
    active.refresh();
    return ModelAnswer.of(now);
  }
}
