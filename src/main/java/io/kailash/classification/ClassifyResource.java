package io.kailash.classification;

import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Classifies one item. */
@Path("classify")
@Singleton
@RequiresRole(Role.READER)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ClassifyResource {
  private final Classifier classifier;

  @Inject
  ClassifyResource(Classifier classifier) {
    this.classifier = classifier;
  }

  @POST
  public ClassifyAnswer classify(ClassifyRequest request) {
    classifier.check(request);
    return classifier.classify(request);
  }

  /** Reads and checks a request and does nothing else: what the way here costs by itself. */
  @POST
  @Path("check")
  public void checkOnly(ClassifyRequest request) {
    classifier.check(request);
  }
}
