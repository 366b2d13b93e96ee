package io.kailash.recommendation;

import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import io.kailash.platform.TextRules;
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
import java.util.List;
import java.util.UUID;

/** What came of shown recommendations. */
@Path("recommendations")
@Singleton
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class RecommendationsResource {
  private static final int DEFAULT_DAYS = 30;
  private static final int MAX_DAYS = 365;

  private final ShownFeedback feedback;
  private final RecentHistory history;

  @Inject
  RecommendationsResource(ShownFeedback feedback, RecentHistory history) {
    this.feedback = feedback;
    this.history = history;
  }

  record FeedbackRequest(String item, String kind) {}

  record FeedbackAnswer(UUID id, String item, String kind) {}

  @POST
  @Path("{id}/feedback")
  @RequiresRole(Role.EDITOR)
  public FeedbackAnswer give(
      @PathParam("id") String id, FeedbackRequest request, @Context SecurityContext security) {
    TextRules rules = new TextRules().required("/item", request.item(), InteractionDraft.MAX_NAME);
    if (!ShownFeedback.KINDS.contains(request.kind())) {
      rules.violation("/kind", "is not one of " + ShownFeedback.KINDS);
    }
    rules.check();
    UUID shown = id(id);
    List<InteractionSeen> came =
        feedback.give(shown, request.kind(), request.item(), Caller.of(security).name());
    history.added(came);
    return new FeedbackAnswer(shown, request.item(), request.kind());
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException notAnId) {
      throw ProblemException.notFound("recommendation", text);
    }
  }

  /** Click and conversion rates of each strategy. */
  @GET
  @Path("rates")
  @RequiresRole(Role.READER)
  public Page<ShownFeedback.Rates> rates(@QueryParam("days") Integer days) {
    if (days != null && (days < 1 || days > MAX_DAYS)) {
      throw ProblemException.invalid("?days", "is not between 1 and " + MAX_DAYS);
    }
    return new Page<>(feedback.rates(days == null ? DEFAULT_DAYS : days), null);
  }
}
