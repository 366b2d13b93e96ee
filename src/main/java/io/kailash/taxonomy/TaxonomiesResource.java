package io.kailash.taxonomy;

import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.Cursor;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import io.kailash.platform.TextRules;
import io.kailash.taxonomy.TaxonomyStore.Put;
import io.kailash.taxonomy.TaxonomyStore.TaxonomyRow;
import io.kailash.taxonomy.TaxonomyStore.VersionRow;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Taxonomies, their versions and the categories of the active one. */
@Path("taxonomies")
@Singleton
@RequiresRole(Role.READER)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class TaxonomiesResource {
  private final Taxonomies taxonomies;
  private final TaxonomyStore store;

  @Inject
  TaxonomiesResource(Taxonomies taxonomies, TaxonomyStore store) {
    this.taxonomies = taxonomies;
    this.store = store;
  }

  record TaxonomyRequest(String name, Double reviewThreshold) {}

  record TaxonomyAnswer(
      String code,
      String name,
      double reviewThreshold,
      Integer activeVersion,
      Boolean sample,
      String digest,
      Integer categories,
      List<Integer> categoriesPerLevel,
      Integer leaves,
      Instant createdAt,
      Instant changedAt) {
    static TaxonomyAnswer of(TaxonomyRow row) {
      VersionRow active = row.active();
      return new TaxonomyAnswer(
          row.code(),
          row.name(),
          row.reviewThreshold(),
          active == null ? null : active.version(),
          active == null ? null : active.sample(),
          active == null ? null : active.digest(),
          active == null ? null : active.categories(),
          active == null ? null : active.perLevel(),
          active == null ? null : active.leaves(),
          row.createdAt(),
          row.changedAt());
    }
  }

  record VersionAnswer(
      int version,
      boolean active,
      boolean sample,
      String digest,
      String format,
      int categories,
      List<Integer> categoriesPerLevel,
      int leaves,
      Instant importedAt,
      String importedBy) {
    static VersionAnswer of(TaxonomyRow taxonomy, VersionRow row) {
      return new VersionAnswer(
          row.version(),
          row.version() == taxonomy.active().version(),
          row.sample(),
          row.digest(),
          row.format(),
          row.categories(),
          row.perLevel(),
          row.leaves(),
          row.importedAt(),
          row.importedBy());
    }
  }

  record ImportAnswer(
      String taxonomy,
      int version,
      boolean created,
      int activeVersion,
      String format,
      String digest,
      int categories,
      List<Integer> categoriesPerLevel,
      int leaves,
      long milliseconds) {
    static ImportAnswer of(ImportResult result) {
      return new ImportAnswer(
          result.taxonomy(),
          result.version(),
          result.created(),
          result.activeVersion(),
          result.format().text(),
          result.digest(),
          result.categories(),
          result.categoriesPerLevel(),
          result.leaves(),
          result.milliseconds());
    }
  }

  record CategoryAnswer(
      String code, String name, String parent, List<String> path, int level, boolean leaf) {
    static CategoryAnswer of(Category category) {
      return new CategoryAnswer(
          category.code(),
          category.name(),
          category.parentCode(),
          category.path(),
          category.level(),
          category.leaf());
    }
  }

  @GET
  public Response list(
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context UriInfo uri) {
    int rows = Page.limit(limit);
    String after = cursor == null ? "" : Cursor.read(cursor, 1)[0];
    List<TaxonomyRow> found = store.after(after, rows + 1);
    String next = found.size() > rows ? Cursor.of(found.get(rows - 1).code()) : null;
    return new Page<>(found.stream().limit(rows).map(TaxonomyAnswer::of).toList(), next)
        .response(uri);
  }

  @GET
  @Path("{code}")
  public Response one(@PathParam("code") String code) {
    return answer(Response.ok(), row(code));
  }

  @PUT
  @Path("{code}")
  @RequiresRole(Role.EDITOR)
  public Response put(
      @PathParam("code") String code,
      TaxonomyRequest wanted,
      @HeaderParam("If-Match") String ifMatch,
      @Context SecurityContext security,
      @Context UriInfo uri) {
    TextRules rules = new TextRules().required("/name", wanted.name(), Taxonomies.MAX_NAME);
    if (!Taxonomies.isCode(code)) {
      rules.violation("{code}", Taxonomies.CODE_RULE);
    }
    Double threshold = wanted.reviewThreshold();
    if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
      rules.violation("/review_threshold", "is not between 0 and 1");
    }
    rules.check();
    Put put =
        taxonomies.put(Caller.of(security).name(), code, ifMatch, wanted.name().strip(), threshold);
    return answer(
        put.created() ? Response.created(uri.getAbsolutePath()) : Response.ok(), put.row());
  }

  @DELETE
  @Path("{code}")
  @RequiresRole(Role.ADMINISTRATOR)
  public void delete(@PathParam("code") String code, @Context SecurityContext security) {
    taxonomies.delete(Caller.of(security).name(), code);
  }

  /**
   * Imports a file. The same content again is answered 200 with the version it already is, so a
   * repeated request does no harm and needs no key.
   */
  @POST
  @Path("{code}/versions")
  @RequiresRole(Role.EDITOR)
  @Consumes({
    "text/csv",
    MediaType.TEXT_PLAIN,
    "text/tab-separated-values",
    MediaType.APPLICATION_JSON,
    "application/x-ndjson",
    "application/gzip",
    MediaType.APPLICATION_OCTET_STREAM
  })
  public Response importVersion(
      @PathParam("code") String code,
      @QueryParam("name") String name,
      @QueryParam("format") String format,
      InputStream file,
      @Context SecurityContext security,
      @Context UriInfo uri) {
    ImportResult result =
        taxonomies.importVersion(
            Caller.of(security).name(), code, name, false, format(format), file);
    Response.ResponseBuilder answer =
        result.created()
            ? Response.created(
                uri.getAbsolutePathBuilder().path(Integer.toString(result.version())).build())
            : Response.ok();
    return answer.entity(ImportAnswer.of(result)).build();
  }

  @GET
  @Path("{code}/versions")
  public Response versions(
      @PathParam("code") String code,
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context UriInfo uri) {
    int rows = Page.limit(limit);
    TaxonomyRow taxonomy = row(code);
    int before = cursor == null ? Integer.MAX_VALUE : cursorNumber(Cursor.read(cursor, 1)[0]);
    List<VersionRow> found = store.versions(taxonomy.id(), before, rows + 1);
    String next =
        found.size() > rows ? Cursor.of(Integer.toString(found.get(rows - 1).version())) : null;
    return new Page<>(
            found.stream().limit(rows).map(row -> VersionAnswer.of(taxonomy, row)).toList(), next)
        .response(uri);
  }

  @GET
  @Path("{code}/versions/{version}")
  public VersionAnswer version(
      @PathParam("code") String code, @PathParam("version") String version) {
    TaxonomyRow taxonomy = row(code);
    int number = versionNumber(version);
    return store.versions(taxonomy.id(), number + 1, 1).stream()
        .filter(row -> row.version() == number)
        .findFirst()
        .map(row -> VersionAnswer.of(taxonomy, row))
        .orElseThrow(() -> ProblemException.notFound("version", version));
  }

  @POST
  @Path("{code}/versions/{version}/activate")
  @RequiresRole(Role.EDITOR)
  @Consumes(MediaType.WILDCARD)
  public Response activate(
      @PathParam("code") String code,
      @PathParam("version") String version,
      @Context SecurityContext security) {
    return answer(
        Response.ok(),
        taxonomies.activate(Caller.of(security).name(), code, versionNumber(version)));
  }

  /** Categories in the order of the imported file. */
  @GET
  @Path("{code}/categories")
  public Response categories(
      @PathParam("code") String code,
      @QueryParam("q") String text,
      @QueryParam("parent") String parent,
      @QueryParam("level") String level,
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context UriInfo uri) {
    int rows = Page.limit(limit);
    Taxonomy taxonomy = taxonomies.requireFresh(code);
    Categories categories = taxonomy.categories();
    if (parent != null && categories.find(parent).isEmpty()) {
      throw ProblemException.invalid("?parent", "is not a category of this taxonomy");
    }
    int wantedLevel = level == null ? 0 : levelNumber(level);
    List<Category> from =
        text != null && !text.isBlank()
            ? categories.search(text)
            : parent != null ? categories.children(parent) : categories.all();
    List<Category> found =
        from.stream()
            .filter(category -> parent == null || parent.equals(category.parentCode()))
            .filter(category -> level == null || category.level() == wantedLevel)
            .skip(cursor == null ? 0 : offset(cursor, taxonomy))
            .limit(rows + 1L)
            .toList();
    String next = null;
    if (found.size() > rows) {
      int offset = rows + (cursor == null ? 0 : offset(cursor, taxonomy));
      next = Cursor.of(Integer.toString(taxonomy.version()), Integer.toString(offset));
    }
    return new Page<>(found.stream().limit(rows).map(CategoryAnswer::of).toList(), next)
        .response(uri);
  }

  @GET
  @Path("{code}/categories/{category: .+}")
  public CategoryAnswer category(
      @PathParam("code") String code, @PathParam("category") String category) {
    return taxonomies
        .requireFresh(code)
        .categories()
        .find(category)
        .map(CategoryAnswer::of)
        .orElseThrow(() -> ProblemException.notFound("category", category));
  }

  private TaxonomyRow row(String code) {
    return store.find(code).orElseThrow(() -> ProblemException.notFound("taxonomy", code));
  }

  private static Response answer(Response.ResponseBuilder answer, TaxonomyRow row) {
    return answer.header("ETag", row.etag()).entity(TaxonomyAnswer.of(row)).build();
  }

  private static TaxonomyFormat format(String name) {
    if (name == null) {
      return null;
    }
    return Arrays.stream(TaxonomyFormat.values())
        .filter(format -> format.text().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.invalid(
                    "?format",
                    "is not one of "
                        + Arrays.stream(TaxonomyFormat.values())
                            .map(TaxonomyFormat::text)
                            .collect(Collectors.joining(", "))));
  }

  private static int versionNumber(String version) {
    try {
      int number = Integer.parseInt(version);
      if (number >= 1 && number < Integer.MAX_VALUE) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw ProblemException.notFound("version", version);
    }
    throw ProblemException.notFound("version", version);
  }

  private static int levelNumber(String level) {
    try {
      int number = Integer.parseInt(level);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw ProblemException.invalid("?level", "is not a whole number from 1");
    }
    throw ProblemException.invalid("?level", "is not a whole number from 1");
  }

  /** Places in the list are counted, which is sound because a version never changes. */
  private static int offset(String cursor, Taxonomy taxonomy) {
    String[] keys = Cursor.read(cursor, 2);
    if (cursorNumber(keys[0]) != taxonomy.version()) {
      throw ProblemException.invalid(
          "?cursor", "is of another version than the active one; begin again without it");
    }
    return cursorNumber(keys[1]);
  }

  private static int cursorNumber(String key) {
    try {
      int number = Integer.parseInt(key);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException notOurs) {
      throw ProblemException.invalid("?cursor", "is not a cursor of this list");
    }
    throw ProblemException.invalid("?cursor", "is not a cursor of this list");
  }
}
