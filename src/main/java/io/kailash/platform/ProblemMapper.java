package io.kailash.platform;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * The one way outward for failures of REST calls. The request is not at hand in a mapper, so the
 * failure travels on as the entity and {@link RequestIds} turns it into a problem with the
 * request's id.
 */
@Provider
@Singleton
public class ProblemMapper implements ExceptionMapper<Throwable> {
  /** A failure on its way out. */
  record Failure(Throwable cause) {}

  @Override
  public Response toResponse(Throwable failure) {
    return Response.serverError().type(Problem.MEDIA_TYPE).entity(new Failure(failure)).build();
  }
}
