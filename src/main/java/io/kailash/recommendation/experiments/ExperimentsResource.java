package io.kailash.recommendation.experiments;

import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.Page;
import io.kailash.platform.TextRules;
import io.kailash.recommendation.Strategy;
import io.kailash.recommendation.experiments.Experiment.Arm;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Experiments: start, look at, end. */
@Path("experiments")
@Singleton
@RequiresRole(Role.READER)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ExperimentsResource {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
  private static final int MAX_ARMS = 10;
  private static final double ROUNDING = 1e-6;
  private static final List<String> METRICS = List.of("clicked", "bought");

  private final Experiments experiments;

  @Inject
  ExperimentsResource(Experiments experiments) {
    this.experiments = experiments;
  }

  record ExperimentRequest(String name, List<Arm> arms, String metric, Boolean stopWhenClear) {}

  /** Ends with a winner, or without one where the body names none. */
  record EndRequest(String winner) {}

  record ExperimentAnswer(
      String name,
      String status,
      String metric,
      boolean stopWhenClear,
      Instant createdAt,
      String createdBy,
      Instant endedAt,
      String endedBy,
      String winner,
      List<Experiments.Result> arms) {}

  private ExperimentAnswer answer(Experiment experiment) {
    return new ExperimentAnswer(
        experiment.name(),
        experiment.status(),
        experiment.metric(),
        experiment.stopWhenClear(),
        experiment.createdAt(),
        experiment.createdBy(),
        experiment.endedAt(),
        experiment.endedBy(),
        experiment.winner(),
        experiments.results(experiment));
  }

  @GET
  public Page<ExperimentAnswer> list() {
    return new Page<>(experiments.all().stream().map(this::answer).toList(), null);
  }

  @GET
  @Path("{name}")
  public ExperimentAnswer read(@PathParam("name") String name) {
    return answer(experiments.require(name));
  }

  /** Starts one. */
  @POST
  @RequiresRole(Role.EDITOR)
  public Response create(
      ExperimentRequest request, @Context SecurityContext security, @Context UriInfo uri) {
    check(request);
    Experiment made =
        experiments.create(
            request.name(),
            request.arms(),
            request.metric() == null ? METRICS.get(0) : request.metric(),
            Boolean.TRUE.equals(request.stopWhenClear()),
            Caller.of(security).name());
    experiments.refresh();
    return Response.created(uri.getAbsolutePathBuilder().path(made.name()).build())
        .entity(answer(made))
        .build();
  }

  private static void check(ExperimentRequest request) {
    TextRules rules = new TextRules();
    if (request.name() == null || !NAME.matcher(request.name()).matches()) {
      rules.violation("/name", "has 1 to 64 of a-z, 0-9 and -");
    }
    if (request.metric() != null && !METRICS.contains(request.metric())) {
      rules.violation("/metric", "is not one of " + METRICS);
    }
    List<Arm> arms = request.arms();
    if (arms == null || arms.size() < 2 || arms.size() > MAX_ARMS) {
      rules.violation("/arms", "are 2 to " + MAX_ARMS);
      rules.check();
      return;
    }
    double sum = 0;
    Set<String> names = new HashSet<>();
    for (int i = 0; i < arms.size(); i++) {
      Arm arm = arms.get(i);
      String pointer = "/arms/" + i;
      if (arm == null) {
        rules.violation(pointer, "is missing");
        continue;
      }
      if (arm.name() == null || !NAME.matcher(arm.name()).matches() || !names.add(arm.name())) {
        rules.violation(pointer + "/name", "has 1 to 64 of a-z, 0-9 and -, and is there once");
      }
      if (arm.strategy() == null || Strategy.find(arm.strategy()).isEmpty()) {
        rules.violation(pointer + "/strategy", "is not one of " + Strategy.names());
      }
      if (!(arm.share() > 0 && arm.share() < 1)) {
        rules.violation(pointer + "/share", "is not between 0 and 1");
      }
      sum += arm.share();
    }
    if (!(Math.abs(sum - 1) < ROUNDING)) {
      rules.violation("/arms", "have shares whose sum is not 1");
    }
    rules.check();
  }

  /** Ends one; from then on all users get what they would without it. */
  @POST
  @Path("{name}/end")
  @RequiresRole(Role.EDITOR)
  public ExperimentAnswer end(
      @PathParam("name") String name, EndRequest request, @Context SecurityContext security) {
    Experiment experiment = experiments.require(name);
    if (request.winner() != null
        && experiment.arms().stream().noneMatch(arm -> arm.name().equals(request.winner()))) {
      throw io.kailash.platform.ProblemException.invalid("/winner", "is no arm of this experiment");
    }
    experiments.end(name, request.winner(), Caller.of(security).name());
    experiments.refresh();
    return answer(experiments.require(name));
  }
}
