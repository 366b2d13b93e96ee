package io.kailash.access;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.kailash.platform.Cursor;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
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
import java.time.Instant;
import java.util.List;

/** What was done by whom, newest first. */
@Path("audit")
@Singleton
@RequiresRole(Role.ADMINISTRATOR)
@Produces(MediaType.APPLICATION_JSON)
public class AuditResource {
  private final AuditLog audit;

  @Inject
  AuditResource(AuditLog audit) {
    this.audit = audit;
  }

  record AuditAnswer(
      long id,
      Instant at,
      String actor,
      String action,
      String subject,
      @JsonRawValue String detail) {}

  @GET
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
