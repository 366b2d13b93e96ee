package io.kailash.access;

import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.UUID;

/**
 * Who is asking.
 *
 * @param clientId identity of the API client
 * @param name the client's name, as audit entries show it
 */
public record Caller(UUID clientId, String name, Role role) implements Principal {
  /** The caller of the request at hand; there always is one behind the access filter. */
  public static Caller of(SecurityContext context) {
    return (Caller) context.getUserPrincipal();
  }

  @Override
  public String getName() {
    return name;
  }
}
