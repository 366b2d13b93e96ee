package io.kailash.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.IdempotentWrites;
import io.kailash.platform.Json;
import io.kailash.platform.JsonBody;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.platform.TextRules;
import io.kailash.taxonomy.Taxonomies;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Items and their labels. */
@Path("items")
@Singleton
@RequiresRole(Role.READER)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ItemsResource {
  private static final String KEY = "Idempotency-Key";

  private final Items items;
  private final ItemEditor editor;
  private final LabelRows labels;
  private final SearchByMeaning byMeaning;
  private final Taxonomies taxonomies;
  private final IdempotentWrites writes;
  private final JsonBody json;
  private final int maxQueryChars;

  @Inject
  ItemsResource(
      Items items,
      ItemEditor editor,
      LabelRows labels,
      SearchByMeaning byMeaning,
      Taxonomies taxonomies,
      IdempotentWrites writes,
      JsonBody json,
      Settings settings) {
    this.items = items;
    this.editor = editor;
    this.labels = labels;
    this.byMeaning = byMeaning;
    this.taxonomies = taxonomies;
    this.writes = writes;
    this.json = json;
    maxQueryChars = CatalogSettings.read(settings).maxQueryChars();
  }

  record LabelRequest(String category) {}

  @GET
  public Response list(
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @QueryParam("q") String words,
      @QueryParam("label") String label,
      @QueryParam("unlabelled_in") String unlabelledIn,
      @QueryParam("similar_to") String similarTo,
      @QueryParam("meaning") String meaning,
      @Context UriInfo uri) {
    TextRules rules =
        new TextRules()
            .optional("?q", words, maxQueryChars)
            .optional("?label", label, maxQueryChars);
    if (similarTo != null || meaning != null) {
      return byMeaning(rules, similarTo, meaning, Page.limit(limit), uri);
    }
    rules.check();
    Long labelledIn = null;
    String category = null;
    if (label != null) {
      int colon = label.indexOf(':');
      labelledIn = taxonomies.require(colon < 0 ? label : label.substring(0, colon)).id();
      category = colon < 0 ? null : label.substring(colon + 1);
    }
    Items.Filter filter =
        new Items.Filter(
            words == null || words.isBlank() ? null : words,
            labelledIn,
            category,
            unlabelledIn == null ? null : taxonomies.require(unlabelledIn).id());
    return items.page(filter, cursor, Page.limit(limit)).response(uri);
  }

  private Response byMeaning(
      TextRules rules, String similarTo, String meaning, int limit, UriInfo uri) {
    Stream.of("cursor", "q", "label", "unlabelled_in", similarTo == null ? "" : "meaning")
        .filter(uri.getQueryParameters()::containsKey)
        .forEach(
            name ->
                rules.violation(
                    "?" + name,
                    "does not go with ?" + (similarTo == null ? "meaning" : "similar_to")));
    if (similarTo == null) {
      rules.required("?meaning", meaning, maxQueryChars).check();
      return new Page<>(byMeaning.of(meaning, limit), null).response(uri);
    }
    rules.required("?similar_to", similarTo, maxQueryChars).check();
    return new Page<>(byMeaning.similarTo(similarTo, limit), null).response(uri);
  }

  @POST
  @RequiresRole(Role.EDITOR)
  public Response create(
      ItemDraft draft,
      @HeaderParam(KEY) String key,
      @Context SecurityContext security,
      @Context UriInfo uri) {
    return once(
        security,
        key,
        "POST " + uri.getPath(false) + "\n" + text(draft),
        () -> created(editor.create(Caller.of(security).name(), draft), uri));
  }

  @GET
  @Path("{sku}")
  public Response read(
      @PathParam("sku") String sku, @HeaderParam("If-None-Match") String ifNoneMatch) {
    Item item = items.find(sku).orElseThrow(() -> ProblemException.notFound("item", sku));
    return Precondition.isKnown(ifNoneMatch, item.version())
        ? Response.notModified().header("ETag", item.etag()).build()
        : answer(item);
  }

  @PUT
  @Path("{sku}")
  @RequiresRole(Role.EDITOR)
  public Response put(
      @PathParam("sku") String sku,
      ItemDraft draft,
      @HeaderParam("If-Match") String ifMatch,
      @HeaderParam("If-None-Match") String ifNoneMatch,
      @HeaderParam(KEY) String key,
      @Context SecurityContext security,
      @Context UriInfo uri) {
    if (draft.sku() != null && !draft.sku().equals(sku)) {
      throw ProblemException.invalid("/sku", "is not the sku of the address");
    }
    Precondition precondition = Precondition.of(ifMatch, ifNoneMatch);
    return once(
        security,
        key,
        "PUT " + uri.getPath(false) + "\n" + text(draft),
        () -> {
          ItemEditor.Edited edited =
              editor.put(Caller.of(security).name(), draft.withSku(sku), precondition);
          return edited.created() ? created(edited.item(), uri) : answer(edited.item());
        });
  }

  /** A merge patch, RFC 7396: a field set to null is taken away, one not named stays as it is. */
  @PATCH
  @Path("{sku}")
  @RequiresRole(Role.EDITOR)
  @Consumes({"application/merge-patch+json", MediaType.APPLICATION_JSON})
  public Response patch(
      @PathParam("sku") String sku,
      InputStream body,
      @HeaderParam("If-Match") String ifMatch,
      @HeaderParam(KEY) String key,
      @Context SecurityContext security,
      @Context UriInfo uri)
      throws IOException {
    JsonNode patch =
        (JsonNode)
            json.readFrom(
                Object.class,
                JsonNode.class,
                new Annotation[0],
                MediaType.APPLICATION_JSON_TYPE,
                new MultivaluedHashMap<>(),
                body);
    if (!patch.isObject()) {
      throw ProblemException.malformed("", "is not an object");
    }
    Precondition precondition = Precondition.of(ifMatch, null);
    return once(
        security,
        key,
        "PATCH " + uri.getPath(false) + "\n" + patch,
        () ->
            answer(
                editor.change(
                    Caller.of(security).name(),
                    sku,
                    precondition,
                    current -> patched(current, patch))));
  }

  @DELETE
  @Path("{sku}")
  @RequiresRole(Role.EDITOR)
  public Response delete(
      @PathParam("sku") String sku,
      @HeaderParam("If-Match") String ifMatch,
      @HeaderParam(KEY) String key,
      @Context SecurityContext security,
      @Context UriInfo uri) {
    Precondition precondition = Precondition.of(ifMatch, null);
    return once(
        security,
        key,
        "DELETE " + uri.getPath(false),
        () -> {
          editor.delete(Caller.of(security).name(), sku, precondition);
          return Response.noContent().build();
        });
  }

  @GET
  @Path("{sku}/labels")
  public Page<Label> labels(@PathParam("sku") String sku) {
    requireItem(sku);
    return new Page<>(labels.of(sku), null);
  }

  @PUT
  @Path("{sku}/labels/{taxonomy}")
  @RequiresRole(Role.EDITOR)
  public Response setLabel(
      @PathParam("sku") String sku,
      @PathParam("taxonomy") String taxonomy,
      LabelRequest wanted,
      @HeaderParam(KEY) String key,
      @Context SecurityContext security,
      @Context UriInfo uri) {
    return once(
        security,
        key,
        "PUT " + uri.getPath(false) + "\n" + text(wanted),
        () -> {
          ItemEditor.Labelled set =
              editor.setLabel(
                  Caller.of(security).name(), sku, taxonomy, wanted.category(), LabelSource.EDITOR);
          return Response.status(set.created() ? 201 : 200).entity(set.label()).build();
        });
  }

  @DELETE
  @Path("{sku}/labels/{taxonomy}")
  @RequiresRole(Role.EDITOR)
  public Response removeLabel(
      @PathParam("sku") String sku,
      @PathParam("taxonomy") String taxonomy,
      @HeaderParam(KEY) String key,
      @Context SecurityContext security,
      @Context UriInfo uri) {
    return once(
        security,
        key,
        "DELETE " + uri.getPath(false),
        () -> {
          editor.removeLabel(Caller.of(security).name(), sku, taxonomy);
          return Response.noContent().build();
        });
  }

  /** Who said what about the label over time, newest first, at most 1000. */
  @GET
  @Path("{sku}/labels/{taxonomy}/changes")
  public Page<LabelRows.Change> labelChanges(
      @PathParam("sku") String sku, @PathParam("taxonomy") String taxonomy) {
    requireItem(sku);
    List<LabelRows.Change> changes = labels.changes(sku, taxonomies.require(taxonomy).id());
    return new Page<>(changes, null);
  }

  private void requireItem(String sku) {
    if (items.find(sku).isEmpty()) {
      throw ProblemException.notFound("item", sku);
    }
  }

  private Response once(
      SecurityContext security, String key, String request, Supplier<Response> write) {
    return writes.once(Caller.of(security).clientId(), key, request, write);
  }

  private static Response answer(Item item) {
    return Response.ok(item).header("ETag", item.etag()).build();
  }

  private static Response created(Item item, UriInfo uri) {
    return Response.created(uri.getBaseUriBuilder().path("items").path("{sku}").build(item.sku()))
        .header("ETag", item.etag())
        .entity(item)
        .build();
  }

  private static ItemDraft patched(ItemDraft current, JsonNode patch) {
    try {
      return Json.MAPPER.treeToValue(
          MergePatch.apply(Json.MAPPER.valueToTree(current), patch), ItemDraft.class);
    } catch (JsonProcessingException wrong) {
      throw JsonBody.refusal(wrong);
    }
  }

  private static String text(Object body) {
    try {
      return Json.MAPPER.writeValueAsString(body);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("what was read as JSON cannot be written", impossible);
    }
  }
}
