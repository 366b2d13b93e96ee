package io.kailash.live;

import io.kailash.access.ApiKeys;
import io.kailash.access.Caller;
import io.kailash.access.Role;
import io.kailash.platform.ProblemException;
import io.kailash.platform.ProblemServlet;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who may come in. A page of a browser only from where this service's own pages come, or from an
 * origin that is set; a WebSocket with a key in its Authorization header, or without one, and then
 * it has to send one before anything else. What is refused here is answered as a problem, before
 * any handshake.
 */
@WebFilter(
    filterName = "live-door",
    urlPatterns = {LiveDoor.SOCKET, LiveDoor.STREAM},
    asyncSupported = true)
public class LiveDoor implements Filter {
  static final String SOCKET = "/api/v1/live";
  static final String STREAM = "/api/v1/live/events";

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest asked = (HttpServletRequest) request;
    LiveStart room = CDI.current().select(LiveStart.class).get();
    Caller caller;
    try {
      requireOrigin(asked, room.connections().settings().origins());
      if (asked.getServletPath().concat(pathInfo(asked)).equals(STREAM)) {
        chain.doFilter(request, response);
        return;
      }
      caller = atTheSocket(asked, room);
    } catch (ProblemException refused) {
      room.connections().countRefused();
      ProblemServlet.refuse((HttpServletResponse) response, refused);
      return;
    }
    chain.doFilter(caller == null ? asked : new Known(asked, caller), response);
  }

  private static String pathInfo(HttpServletRequest request) {
    return request.getPathInfo() == null ? "" : request.getPathInfo();
  }

  private static Caller atTheSocket(HttpServletRequest request, LiveStart room) {
    if (request.getHeader("Sec-WebSocket-Key") == null
        || !"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      throw new ProblemException(
              426,
              "upgrade-required",
              "Upgrade required",
              "this is a WebSocket; the same events come over HTTP from " + STREAM,
              List.of())
          .header("Upgrade", "websocket");
    }
    if (request.getQueryString() != null) {
      throw ProblemException.malformed(
          "the address of the WebSocket takes no query; a key in particular does not belong into"
              + " an address, which ends up in logs");
    }
    ApiKeys keys = room.keys();
    Caller caller =
        request.getHeader("Authorization") == null
            ? null
            : keys.require(request.getHeader("Authorization"), Role.READER);
    room.connections().requirePlace(caller);
    return caller;
  }

  /** A request without origin comes from no page, so no page can have been tricked into it. */
  static void requireOrigin(HttpServletRequest request, Set<String> others) {
    String origin = request.getHeader("Origin");
    if (origin == null
        || others.contains(origin.toLowerCase(Locale.ROOT))
        || isOurs(origin, request.getHeader("Host"))) {
      return;
    }
    throw ProblemException.forbidden(
        "pages of this origin may not connect (setting kailash.live.origins)");
  }

  private static boolean isOurs(String origin, String host) {
    try {
      URI page = URI.create(origin);
      return host != null
          && page.getRawAuthority() != null
          && page.getRawAuthority().equalsIgnoreCase(host);
    } catch (IllegalArgumentException notAnOrigin) {
      return false;
    }
  }

  /** A request whose caller is known. */
  private static final class Known extends HttpServletRequestWrapper {
    private final Caller caller;

    Known(HttpServletRequest request, Caller caller) {
      super(request);
      this.caller = caller;
    }

    @Override
    public Principal getUserPrincipal() {
      return caller;
    }
  }
}
