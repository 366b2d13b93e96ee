package io.kailash.catalog;

import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.Cursor;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import io.kailash.taxonomy.Taxonomies;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/** All labels, by taxonomy; one item's labels are with the item. */
@Path("labels")
@Singleton
@RequiresRole(Role.READER)
@Produces(MediaType.APPLICATION_JSON)
public class LabelsResource {
  private final LabelRows labels;
  private final Taxonomies taxonomies;

  @Inject
  LabelsResource(LabelRows labels, Taxonomies taxonomies) {
    this.labels = labels;
    this.taxonomies = taxonomies;
  }

  @GET
  public Response list(
      @QueryParam("taxonomy") String taxonomy,
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context UriInfo uri) {
    int rows = Page.limit(limit);
    Long only = taxonomy == null ? null : (Long) taxonomies.require(taxonomy).id();
    String[] place = cursor == null ? new String[] {"0", "0"} : Cursor.read(cursor, 2);
    List<LabelRows.Listed> found = labels.after(only, id(place[0]), id(place[1]), rows + 1);
    List<LabelRows.Listed> shown = found.subList(0, Math.min(rows, found.size()));
    String next = null;
    if (found.size() > rows) {
      LabelRows.Listed last = shown.get(rows - 1);
      next = Cursor.of(Long.toString(last.taxonomyId()), Long.toString(last.itemId()));
    }
    return new Page<>(shown.stream().map(LabelRows.Listed::label).toList(), next).response(uri);
  }

  private static long id(String key) {
    try {
      return Long.parseLong(key);
    } catch (NumberFormatException notOurs) {
      throw ProblemException.invalid("?cursor", "is not a cursor of this list");
    }
  }
}
