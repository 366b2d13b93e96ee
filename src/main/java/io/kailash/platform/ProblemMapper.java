package io.kailash.platform;

import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The one way outward for failures of REST calls. What nobody foresaw is logged here, once, with
 * the request's id, and answered without a word about the inside.
 */
@Provider
@Singleton
public class ProblemMapper implements ExceptionMapper<Throwable> {
  private static final Logger LOG = Logger.getLogger(ProblemMapper.class.getName());

  @Context ContainerRequestContext request;

  @Override
  public Response toResponse(Throwable failure) {
    ProblemException known = causeOf(failure, ProblemException.class);
    if (known != null) {
      Response.ResponseBuilder answer =
          known.problem().withRequestId(RequestIds.of(request)).response();
      known.headers().forEach(answer::header);
      return answer.build();
    }
    if (failure instanceof WebApplicationException refusal
        && refusal.getResponse().getStatus() < 500) {
      return ofContainer(refusal);
    }
    SQLException database = causeOf(failure, SQLException.class);
    String requestId = RequestIds.of(request);
    if (database != null && isUnavailable(database)) {
      LOG.log(Level.WARNING, "request " + requestId + ": PostgreSQL does not answer", failure);
      return ProblemException.unavailable("the system of record does not answer", 5)
          .problem()
          .withRequestId(requestId)
          .response()
          .header("Retry-After", "5")
          .build();
    }
    LOG.log(Level.SEVERE, "request " + requestId + " failed", failure);
    return new Problem(
            "urn:kailash:problem:internal",
            "Internal error",
            500,
            "the request failed; the service's log has the cause under the request id",
            requestId,
            List.of())
        .response()
        .build();
  }

  private Response ofContainer(WebApplicationException refusal) {
    Response original = refusal.getResponse();
    Problem problem = ContainerProblems.of(original.getStatus(), request.getMethod());
    Response.ResponseBuilder answer = problem.withRequestId(RequestIds.of(request)).response();
    if (original.getHeaderString("Allow") != null) {
      answer.header("Allow", original.getHeaderString("Allow"));
    }
    return answer.build();
  }

  /** Class 08 is a broken connection, 57P a server going down or starting, 53 out of resources. */
  private static boolean isUnavailable(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof SQLTransientException
        || state == null
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53");
  }

  private static <T extends Throwable> T causeOf(Throwable failure, Class<T> type) {
    Throwable current = failure;
    for (int depth = 0; current != null && depth < 20; depth++) {
      if (type.isInstance(current)) {
        return type.cast(current);
      }
      current = current.getCause();
    }
    return null;
  }
}
