package io.kailash.classification;

import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.catalog.CatalogSettings;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.platform.TextRules;
import io.kailash.similarity.Embeddings;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Suggests categories by what they are called; needs no labels and no model. */
@Path("taxonomies/{code}/suggestions")
@Singleton
@RequiresRole(Role.READER)
@Produces(MediaType.APPLICATION_JSON)
public class SuggestionsResource {
  private static final int DEFAULT_LIMIT = 5;
  private static final int MAX_LIMIT = 50;

  private final CategoryVectors categories;
  private final Taxonomies taxonomies;
  private final CatalogSettings limits;

  @Inject
  SuggestionsResource(CategoryVectors categories, Taxonomies taxonomies, Settings settings) {
    this.categories = categories;
    this.taxonomies = taxonomies;
    this.limits = CatalogSettings.read(settings);
  }

  /**
   * What was found.
   *
   * @param suggestion always true: nobody has labelled or learnt anything here
   */
  record SuggestionsAnswer(
      String taxonomy, boolean suggestion, List<SuggestionAnswer> categories) {}

  record SuggestionAnswer(
      String code, String name, List<String> path, int level, double similarity) {}

  @GET
  public SuggestionsAnswer suggest(
      @PathParam("code") String code,
      @QueryParam("title") String title,
      @QueryParam("brand") String brand,
      @QueryParam("limit") Integer limit) {
    int wanted = limit == null ? DEFAULT_LIMIT : limit;
    if (wanted < 1 || wanted > MAX_LIMIT) {
      throw ProblemException.invalid("?limit", "is not between 1 and " + MAX_LIMIT);
    }
    Taxonomy taxonomy = taxonomies.require(code);
    new TextRules()
        .required("?title", title, limits.maxTitleChars())
        .optional("?brand", brand, limits.maxBrandChars())
        .check();
    return new SuggestionsAnswer(
        taxonomy.code(),
        true,
        categories.nearest(taxonomy, Embeddings.itemText(title, brand), wanted).stream()
            .map(
                found ->
                    new SuggestionAnswer(
                        found.category().code(),
                        found.category().name(),
                        found.category().path(),
                        found.category().level(),
                        found.similarity()))
            .toList());
  }
}
