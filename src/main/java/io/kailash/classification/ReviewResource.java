package io.kailash.classification;

import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import io.kailash.platform.TextRules;
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
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.UUID;

/** Decisions to look at again, and what people say of them. */
@Path("")
@Singleton
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ReviewResource {
  private final Feedback feedback;
  private final Taxonomies taxonomies;

  @Inject
  ReviewResource(Feedback feedback, Taxonomies taxonomies) {
    this.feedback = feedback;
    this.taxonomies = taxonomies;
  }

  record FeedbackRequest(Boolean right, String category) {}

  record FeedbackAnswer(UUID id, String taxonomy, String category, boolean right) {}

  record DecisionAnswer(
      UUID id,
      Instant at,
      String taxonomy,
      String modelVersion,
      String category,
      double confidence,
      String leaf,
      double leafConfidence,
      ClassifyAnswer.Verdict decision,
      Double usefulness,
      String sku,
      String title,
      String brand,
      String description,
      String supplierCategory,
      String url) {}

  /** One decision. */
  @GET
  @Path("classifications/{id}")
  @RequiresRole(Role.READER)
  public DecisionAnswer read(@PathParam("id") String id) {
    Feedback.Written decision = feedback.require(uuid(id));
    return answer(decision, feedback.taxonomyOf(decision).code());
  }

  /** Right, or the right category; it becomes a label. */
  @POST
  @Path("classifications/{id}/feedback")
  @RequiresRole(Role.EDITOR)
  public FeedbackAnswer give(
      @PathParam("id") String id, FeedbackRequest request, @Context SecurityContext security) {
    if (request.category() == null && !Boolean.TRUE.equals(request.right())) {
      throw ProblemException.invalid(
          "/category", "is missing: send {\"right\": true} or {\"category\": \"the right code\"}");
    }
    if (request.category() != null && Boolean.TRUE.equals(request.right())) {
      throw ProblemException.invalid("/category", "contradicts /right; send one of them");
    }
    new TextRules().optional("/category", request.category(), 256).check();
    Feedback.Written decision = feedback.require(uuid(id));
    String label = feedback.give(decision, request.category(), Caller.of(security));
    return new FeedbackAnswer(
        decision.id(),
        feedback.taxonomyOf(decision).code(),
        label,
        label.equals(decision.category()));
  }

  /** Unsure decisions, most useful first, with a small random share of the sure ones. */
  @GET
  @Path("review-queue")
  @RequiresRole(Role.EDITOR)
  public Page<DecisionAnswer> queue(
      @QueryParam("taxonomy") String code, @QueryParam("limit") Integer limit) {
    Taxonomy taxonomy = taxonomies.require(code);
    return new Page<>(
        feedback.waiting(taxonomy.id(), Page.limit(limit)).stream()
            .map(decision -> answer(decision, taxonomy.code()))
            .toList(),
        null);
  }

  private static DecisionAnswer answer(Feedback.Written d, String taxonomy) {
    return new DecisionAnswer(
        d.id(),
        d.at(),
        taxonomy,
        d.modelVersion(),
        d.category(),
        d.confidence(),
        d.leaf(),
        d.leafConfidence(),
        d.accepted() ? ClassifyAnswer.Verdict.ACCEPT : ClassifyAnswer.Verdict.REVIEW,
        d.usefulness(),
        d.sku(),
        d.text().title(),
        d.text().brand(),
        d.text().description(),
        d.text().supplierCategory(),
        d.text().url());
  }

  private static UUID uuid(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException notAnId) {
      throw ProblemException.notFound("classification", id);
    }
  }
}
