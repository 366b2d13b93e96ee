package io.kailash.classification;

import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.catalog.CatalogSettings;
import io.kailash.platform.Settings;
import io.kailash.platform.TextRules;
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
  private static final int MAX_ALTERNATIVES = 50;
  private static final int MAX_CODE = 256;

  private final Classifier classifier;
  private final CatalogSettings limits;

  @Inject
  ClassifyResource(Classifier classifier, Settings settings) {
    this.classifier = classifier;
    this.limits = CatalogSettings.read(settings);
  }

  @POST
  public ClassifyAnswer classify(ClassifyRequest request) {
    check(request);
    return classifier.classify(request);
  }

  /** Reads and checks a request and does nothing else: what the way here costs by itself. */
  @POST
  @Path("check")
  public void checkOnly(ClassifyRequest request) {
    check(request);
  }

  private void check(ClassifyRequest request) {
    TextRules rules =
        new TextRules()
            .required("/title", request.title(), limits.maxTitleChars())
            .optional("/brand", request.brand(), limits.maxBrandChars())
            .optional("/description", request.description(), limits.maxDescriptionChars())
            .optional(
                "/supplier_category", request.supplierCategory(), limits.maxSupplierCategoryChars())
            .optional("/url", request.url(), limits.maxUrlChars())
            .optional("/sku", request.sku(), MAX_CODE)
            .optional("/taxonomy", request.taxonomy(), MAX_CODE);
    Integer alternatives = request.alternatives();
    if (alternatives != null && (alternatives < 1 || alternatives > MAX_ALTERNATIVES)) {
      rules.violation("/alternatives", "is not between 1 and " + MAX_ALTERNATIVES);
    }
    rules.check();
  }
}
