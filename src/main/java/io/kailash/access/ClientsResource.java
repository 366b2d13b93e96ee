package io.kailash.access;

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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;

/** API clients and their keys. */
@Path("clients")
@Singleton
@RequiresRole(Role.ADMINISTRATOR)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ClientsResource {
  private static final int MAX_NAME = 200;

  private final ApiKeys keys;

  @Inject
  ClientsResource(ApiKeys keys) {
    this.keys = keys;
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

  @POST
  public Response create(ClientRequest wanted, @Context SecurityContext security) {
    TextRules rules = new TextRules().required("/name", wanted.name(), MAX_NAME);
    if (wanted.role() == null) {
      rules.violation("/role", "is missing; it is reader, editor or administrator");
    }
    rules.check();
    ApiKeys.NewClient made = keys.create(Caller.of(security), wanted.name().strip(), wanted.role());
    keys.refresh();
    return Response.created(URI.create("clients/" + made.client().id))
        .entity(ClientAnswer.of(made.client(), made.key()))
        .build();
  }

  @GET
  public Page<ClientAnswer> list() {
    return new Page<>(
        keys.all().stream().map(client -> ClientAnswer.of(client, null)).toList(), null);
  }

  @DELETE
  @Path("{id}")
  public void revoke(@PathParam("id") String id, @Context SecurityContext security) {
    UUID clientId;
    try {
      clientId = UUID.fromString(id);
    } catch (IllegalArgumentException notAnId) {
      throw ProblemException.notFound("client", id);
    }
    keys.revoke(Caller.of(security), clientId);
    keys.refresh();
  }
}
