package io.kailash.platform;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Decides what a failure looks like from outside. What nobody foresaw is logged here, once, with
 * the request's id, and answered without a word about the inside.
 */
final class Failures {
  private static final Logger LOG = Logger.getLogger(Failures.class.getName());
  private static final int MAX_CAUSES = 20;

  private Failures() {}

  static Response answer(Throwable failure, String method, String requestId) {
    ProblemException known = causeOf(failure, ProblemException.class);
    if (known != null) {
      return answer(known, requestId);
    }
    if (failure instanceof WebApplicationException refusal
        && refusal.getResponse().getStatus() < 500) {
      Response original = refusal.getResponse();
      Response.ResponseBuilder answer =
          ContainerProblems.of(original.getStatus(), method).withRequestId(requestId).response();
      if (original.getHeaderString("Allow") != null) {
        answer.header("Allow", original.getHeaderString("Allow"));
      }
      return answer.build();
    }
    SQLException database = causeOf(failure, SQLException.class);
    if (database != null && isUnavailable(database)) {
      LOG.log(
          Level.WARNING,
          "request " + requestId + ": the system of record does not answer",
          failure);
      return answer(
          ProblemException.unavailable("the system of record does not answer", 5), requestId);
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

  private static Response answer(ProblemException known, String requestId) {
    Response.ResponseBuilder answer = known.problem().withRequestId(requestId).response();
    known.headers().forEach(answer::header);
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
    for (int depth = 0; current != null && depth < MAX_CAUSES; depth++) {
      if (type.isInstance(current)) {
        return type.cast(current);
      }
      current = current.getCause();
    }
    return null;
  }
}
