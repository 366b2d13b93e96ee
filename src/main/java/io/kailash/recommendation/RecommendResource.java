package io.kailash.recommendation;

import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.ProblemException;
import io.kailash.platform.RequestIds;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Recommends. */
@Path("recommend")
@Singleton
@RequiresRole(Role.READER)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class RecommendResource {
  private static final String BUDGET = "Kailash-Budget-Millis";

  private final Recommender recommender;

  @Inject
  RecommendResource(Recommender recommender) {
    this.recommender = recommender;
  }

  @GET
  public RecommendAnswer get(
      @QueryParam("user") String user,
      @QueryParam("item") List<String> items,
      @QueryParam("limit") Integer limit,
      @QueryParam("strategy") String strategy,
      @QueryParam("taxonomy") String taxonomy,
      @QueryParam("category") String category,
      @QueryParam("in_stock") String inStock,
      @QueryParam("exclude") List<String> exclude,
      @QueryParam("explain") String explain,
      @QueryParam("budget_ms") Integer budgetMillis,
      @HeaderParam(BUDGET) String budget,
      @Context ContainerRequestContext context) {
    return recommend(
        new RecommendRequest(
            user,
            items,
            limit,
            strategy,
            taxonomy,
            category,
            null,
            flag("?in_stock", inStock),
            exclude,
            flag("?explain", explain),
            budget(budgetMillis, budget)),
        "?",
        context);
  }

  @POST
  public RecommendAnswer post(
      RecommendRequest request,
      @HeaderParam(BUDGET) String budget,
      @Context ContainerRequestContext context) {
    return recommend(
        new RecommendRequest(
            request.user(),
            request.items(),
            request.limit(),
            request.strategy(),
            request.taxonomy(),
            request.category(),
            request.attributes(),
            request.inStock(),
            request.exclude(),
            request.explain(),
            budget(request.budgetMillis(), budget)),
        "/",
        context);
  }

  private RecommendAnswer recommend(
      RecommendRequest request, String place, ContainerRequestContext context) {
    return recommender.recommend(request.checked(place), RequestIds.of(context));
  }

  /** What the request says itself; else the header, which a proxy may have set for all calls. */
  private static Integer budget(Integer own, String header) {
    if (own != null || header == null) {
      return own;
    }
    try {
      int millis = Integer.parseInt(header.strip());
      if (millis >= 1) {
        // Who allows more than the most gets the most.
        return Math.min(millis, RecommendationSettings.MAX_BUDGET_MILLIS);
      }
    } catch (NumberFormatException notANumber) {
      throw ProblemException.invalid(BUDGET, "'" + header + "' is not a whole number");
    }
    throw ProblemException.invalid(BUDGET, "is not at least 1");
  }

  private static Boolean flag(String pointer, String text) {
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw ProblemException.invalid(pointer, "is neither true nor false");
    };
  }
}
