package io.kailash.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * What goes wrong, as RFC 9457 problem details.
 *
 * @param type stable name of the kind of problem, {@code urn:kailash:problem:<name>}
 * @param title the kind of problem in a few words, the same for every occurrence
 * @param status HTTP status
 * @param detail what happened this time and what to do about it
 * @param requestId under which the service logged this request
 * @param errors each offending field of the input; absent where no field is to blame
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String requestId,
    List<Violation> errors) {

  /** Media type of every problem. */
  public static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

  /**
   * One offending place of the input.
   *
   * @param pointer RFC 6901 pointer into the body, {@code ?name} for a query parameter, {@code line
   *     N} for a file
   * @param detail what is wrong there
   */
  public record Violation(String pointer, String detail) {}

  /**
   * What a failure looks like from outside, for those who answer without REST. What nobody foresaw
   * is logged here, once, under the request id that the problem names.
   */
  public static Problem of(RuntimeException failure) {
    return (Problem) Failures.answer(failure, "", RequestIds.next()).getEntity();
  }

  Problem withRequestId(String id) {
    return new Problem(type, title, status, detail, id, errors);
  }

  Response.ResponseBuilder response() {
    return Response.status(status).type(MEDIA_TYPE).entity(this);
  }
}
