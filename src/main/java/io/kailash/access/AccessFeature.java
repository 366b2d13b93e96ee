package io.kailash.access;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.security.Principal;

/**
 * Puts the access check before every REST method. The role is looked up once per method at start
 * and not on each request: the container's {@code ResourceInfo} takes a lock.
 */
@Provider
@Singleton
public class AccessFeature implements DynamicFeature {
  private static final int BEFORE_ALL_OTHERS = 1000;

  private final ApiKeys keys;

  @Inject
  AccessFeature(ApiKeys keys) {
    this.keys = keys;
  }

  @Override
  public void configure(ResourceInfo resource, FeatureContext context) {
    RequiresRole onMethod = resource.getResourceMethod().getAnnotation(RequiresRole.class);
    RequiresRole onType = resource.getResourceClass().getAnnotation(RequiresRole.class);
    Role needed =
        onMethod != null ? onMethod.value() : onType != null ? onType.value() : Role.ADMINISTRATOR;
    context.register(new AccessFilter(keys, needed), BEFORE_ALL_OTHERS);
  }

  private record AccessFilter(ApiKeys keys, Role needed) implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
      Caller caller = keys.require(request.getHeaderString("Authorization"), needed);
      request.setSecurityContext(
          new CallerContext(caller, request.getSecurityContext().isSecure()));
    }
  }

  private record CallerContext(Caller caller, boolean secure) implements SecurityContext {
    @Override
    public Principal getUserPrincipal() {
      return caller;
    }

    @Override
    public boolean isUserInRole(String role) {
      return caller.role().covers(Role.of(role));
    }

    @Override
    public boolean isSecure() {
      return secure;
    }

    @Override
    public String getAuthenticationScheme() {
      return "Bearer";
    }
  }
}
