package io.kailash.platform;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;

/**
 * Gives every request an id: the caller's own {@code X-Request-Id} where it is short and plain,
 * else a new one. It returns in the answer, in every problem and in the log.
 */
@Provider
@PreMatching
@Singleton
@Priority(100)
public class RequestIds implements ContainerRequestFilter, ContainerResponseFilter {
  static final String HEADER = "X-Request-Id";
  private static final int MAX_LENGTH = 64;

  @Override
  public void filter(ContainerRequestContext request) {
    String given = request.getHeaderString(HEADER);
    request.setProperty(HEADER, given != null && isPlain(given) ? given : next());
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    String requestId = of(request);
    if (response.getEntity() instanceof ProblemMapper.Failure failure) {
      Response answer = Failures.answer(failure.cause(), request.getMethod(), requestId);
      response.setStatus(answer.getStatus());
      answer
          .getHeaders()
          .forEach((name, values) -> response.getHeaders().putSingle(name, values.get(0)));
      response.setEntity(answer.getEntity(), new Annotation[0], Problem.MEDIA_TYPE);
    }
    response.getHeaders().putSingle(HEADER, requestId);
  }

  /** The id of the request at hand. */
  public static String of(ContainerRequestContext request) {
    return request.getProperty(HEADER) instanceof String id ? id : next();
  }

  static String next() {
    return UuidCreator.getTimeOrderedEpochFast().toString();
  }

  private static boolean isPlain(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == '.';
      if (!plain) {
        return false;
      }
    }
    return true;
  }
}
