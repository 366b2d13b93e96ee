package io.kailash.operations;

import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What the gates last said of this service. */
@Path("operations/readiness")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
public class ReadinessResource {
  private final Readiness readiness;

  @Inject
  ReadinessResource(Readiness readiness) {
    this.readiness = readiness;
  }

  /** Reads the file anew each time: gates write it while the service runs. */
  @GET
  @RequiresRole(Role.ADMINISTRATOR)
  public Readiness.State state() {
    return readiness.state();
  }
}
