package io.kailash.platform;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/**
 * One page of a list.
 *
 * @param items the rows
 * @param nextCursor where the next page starts; absent on the last one
 */
public record Page<T>(List<T> items, String nextCursor) {
  /** Most rows a caller may ask for at once. */
  public static final int MAX_LIMIT = 1000;

  /** The limit a caller asked for, between 1 and {@value #MAX_LIMIT}; 50 where none was given. */
  public static int limit(Integer asked) {
    if (asked == null) {
      return 50;
    }
    if (asked < 1 || asked > MAX_LIMIT) {
      throw ProblemException.invalid("?limit", "is not between 1 and " + MAX_LIMIT);
    }
    return asked;
  }

  /** The answer with its {@code Link: rel=next}, if there is a next page. */
  public Response response(UriInfo uri) {
    Response.ResponseBuilder answer = Response.ok(this);
    if (nextCursor != null) {
      answer.link(
          uri.getRequestUriBuilder().replaceQueryParam("cursor", nextCursor).build(), "next");
    }
    return answer.build();
  }
}
