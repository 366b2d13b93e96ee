package io.kailash.access;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.kailash.platform.Cursor;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import io.kailash.platform.TextRules;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** API clients, their keys, and the audit log. */
@Path("/")
@Singleton
@RequiresRole(Role.ADMINISTRATOR)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ClientsResource {
  private static final int MAX_NAME = 200;

  private final ApiKeys keys;
  private final AuditLog audit;

  @Inject
  ClientsResource(ApiKeys keys, AuditLog audit) {
    this.keys = keys;
    this.audit = audit;
  }

  record ClientRequest(String name, Role role) {}

  record ClientAnswer(
      UUID id,
      String name,
      Role role,
      String keyHint,
      Instant createdAt,
      String createdBy,
      Instant revokedAt,
      String key) {
    static ClientAnswer of(ApiClient client, String key) {
      return new ClientAnswer(
          client.id,
          client.name,
          Role.of(client.role),
          client.keyHint,
          client.createdAt,
          client.createdBy,
          client.revokedAt,
          key);
    }
  }

  record AuditAnswer(
      long id,
      Instant at,
      String actor,
      String action,
      String subject,
      @JsonRawValue String detail) {}

  @POST
  @Path("clients")
  public Response create(ClientRequest wanted, @Context SecurityContext security) {
    TextRules rules = new TextRules().required("/name", wanted.name(), MAX_NAME);
    if (wanted.role() == null) {
      rules.violation("/role", "is missing; it is reader, editor or administrator");
    }
    rules.check();
    ApiKeys.NewClient made = keys.create(Caller.of(security), wanted.name().strip(), wanted.role());
    return Response.created(URI.create("clients/" + made.client().id))
        .entity(ClientAnswer.of(made.client(), made.key()))
        .build();
  }

  @GET
  @Path("clients")
  public Page<ClientAnswer> list() {
    return new Page<>(
        keys.all().stream().map(client -> ClientAnswer.of(client, null)).toList(), null);
  }

  @DELETE
  @Path("clients/{id}")
  public void revoke(@PathParam("id") String id, @Context SecurityContext security) {
    UUID clientId;
    try {
      clientId = UUID.fromString(id);
    } catch (IllegalArgumentException notAnId) {
      throw ProblemException.notFound("client", id);
    }
    keys.revoke(Caller.of(security), clientId);
  }

  @GET
  @Path("audit")
  public Response audit(
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context UriInfo uri) {
    int rows = Page.limit(limit);
    List<AuditEntry> entries = audit.before(cursor == null ? Long.MAX_VALUE : id(cursor), rows + 1);
    List<AuditAnswer> page =
        entries.stream()
            .limit(rows)
            .map(e -> new AuditAnswer(e.id, e.at, e.actor, e.action, e.subject, e.detail))
            .toList();
    String next = entries.size() > rows ? Cursor.of(Long.toString(page.get(rows - 1).id())) : null;
    return new Page<>(page, next).response(uri);
  }

  private static long id(String cursor) {
    try {
      return Long.parseLong(Cursor.read(cursor, 1)[0]);
    } catch (NumberFormatException notOurs) {
      throw ProblemException.invalid("?cursor", "is not a cursor of this list");
    }
  }
}
