package io.kailash.recommendation;

import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.JsonBody;
import io.kailash.platform.Page;
import io.kailash.platform.Settings;
import io.kailash.platform.TextRules;
import io.kailash.recommendation.InteractionDraft.Checked;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What people did with items. */
@Path("interactions")
@Singleton
@RequiresRole(Role.EDITOR)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class InteractionsResource {
  private static final String LINES = "application/x-ndjson";

  private final Interactions interactions;
  private final RecentHistory history;
  private final SingleInteractions singles = new SingleInteractions(this::write);
  private final JsonBody json;
  private final Clock clock;
  private final int maxLines;

  @Inject
  InteractionsResource(
      Interactions interactions,
      RecentHistory history,
      JsonBody json,
      Clock clock,
      Settings settings) {
    this.interactions = interactions;
    this.history = history;
    this.json = json;
    this.clock = clock;
    maxLines = RecommendationSettings.read(settings).maxStreamLines();
  }

  record InteractionAnswer(
      long id, String user, String sku, String kind, Double value, Instant at) {
    static InteractionAnswer of(InteractionSeen seen) {
      return new InteractionAnswer(
          seen.id(),
          seen.user(),
          seen.sku(),
          InteractionSeen.text(seen.kind()),
          seen.value(),
          seen.at());
    }
  }

  record ForgottenAnswer(long removed) {}

  /** One as JSON, or any number as lines of JSON. */
  @POST
  @Consumes({MediaType.APPLICATION_JSON, LINES})
  public InteractionStream.Outcome add(InputStream body, @Context HttpHeaders headers)
      throws IOException {
    if (headers.getMediaType() != null
        && headers.getMediaType().isCompatible(MediaType.valueOf(LINES))
        && !headers.getMediaType().isWildcardSubtype()) {
      return new InteractionStream(clock, maxLines, chunk -> write(chunk).size()).take(body);
    }
    Object read =
        json.readFrom(
            Object.class,
            InteractionDraft.class,
            new Annotation[0],
            MediaType.APPLICATION_JSON_TYPE,
            new MultivaluedHashMap<>(),
            body);
    int added = singles.add(((InteractionDraft) read).checked(clock.instant())) ? 1 : 0;
    return new InteractionStream.Outcome(1, added, 1 - added, 0, List.of());
  }

  private Set<UUID> write(List<Checked> chunk) {
    Map<UUID, InteractionSeen> fresh = interactions.add(chunk);
    // At once, so that the next answer knows; the projection does the same again and more surely.
    history.added(List.copyOf(fresh.values()));
    return fresh.keySet();
  }

  /** What is known about one person. */
  @GET
  public Response list(
      @QueryParam("user") String user,
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context UriInfo uri) {
    check(user);
    Page<InteractionSeen> page = interactions.page(user, cursor, Page.limit(limit));
    return new Page<>(page.items().stream().map(InteractionAnswer::of).toList(), page.nextCursor())
        .response(uri);
  }

  /** Forgets a person. */
  @DELETE
  public ForgottenAnswer forget(
      @QueryParam("user") String user, @Context SecurityContext security) {
    check(user);
    long removed = interactions.forget(user, Caller.of(security).name());
    history.forgotten(user);
    return new ForgottenAnswer(removed);
  }

  private static void check(String user) {
    new TextRules().required("?user", user, InteractionDraft.MAX_NAME).check();
  }
}
