package io.kailash.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Writes that a caller may repeat without fear: the answer to a request with an {@code
 * Idempotency-Key} is stored in the same transaction as its effect, so that either both are there
 * or neither, and a repetition gets the stored answer. Two requests with one key at the same time:
 * the second waits for the first. Answers are kept for {@code kailash.http.idempotency-retention}.
 */
@Singleton
public class IdempotentWrites {
  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  private final DataSource database;
  private final Clock clock;
  private final Duration retention;

  @Inject
  IdempotentWrites(DataSource database, Clock clock, Settings settings) {
    this.database = database;
    this.clock = clock;
    retention = settings.duration("kailash.http.idempotency-retention", Duration.ofDays(1));
  }

  /**
   * Runs {@code write} unless this client's {@code key} was already answered.
   *
   * @param key the {@code Idempotency-Key} header; null runs the write without any of this
   * @param request what identifies the request: method, path and body; another request under the
   *     same key is refused with 422
   */
  @Transactional
  public Response once(UUID clientId, String key, String request, Supplier<Response> write) {
    if (key == null) {
      return write.get();
    }
    if (key.isBlank() || key.length() > 255) {
      throw ProblemException.invalid("Idempotency-Key", "must have 1 to 255 characters");
    }
    byte[] fingerprint = Sha256.of(request);
    try (Connection connection = database.getConnection()) {
      if (!claim(connection, clientId, key, fingerprint)) {
        return stored(connection, clientId, key, fingerprint);
      }
      Response answer = write.get();
      store(connection, clientId, key, answer);
      return answer;
    } catch (SQLException | JsonProcessingException failure) {
      throw new IllegalStateException("cannot store the answer to a write", failure);
    }
  }

  private boolean claim(Connection connection, UUID clientId, String key, byte[] fingerprint)
      throws SQLException {
    OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
    try (PreparedStatement old =
            connection.prepareStatement(
                "delete from idempotent_answer where client_id = ? and key = ? and created_at < ?");
        PreparedStatement claim =
            connection.prepareStatement(
                "insert into idempotent_answer (client_id, key, fingerprint, created_at)"
                    + " values (?, ?, ?, ?) on conflict do nothing")) {
      old.setObject(1, clientId);
      old.setString(2, key);
      old.setObject(3, now.minus(retention));
      old.executeUpdate();
      claim.setObject(1, clientId);
      claim.setString(2, key);
      claim.setBytes(3, fingerprint);
      claim.setObject(4, now);
      return claim.executeUpdate() == 1;
    }
  }

  private static Response stored(
      Connection connection, UUID clientId, String key, byte[] fingerprint)
      throws SQLException, JsonProcessingException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select fingerprint, status, headers::text, body from idempotent_answer"
                + " where client_id = ? and key = ?")) {
      select.setObject(1, clientId);
      select.setString(2, key);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw ProblemException.conflict(
              "write-in-progress", "Write in progress", "the same write is under way; try again");
        }
        if (!MessageDigest.isEqual(fingerprint, row.getBytes(1))) {
          throw ProblemException.invalid(
              "Idempotency-Key", "was used for another request; use a new key for a new write");
        }
        Response.ResponseBuilder answer = Response.status(row.getInt(2));
        Json.MAPPER.readValue(row.getString(3), HEADERS).forEach(answer::header);
        answer.header("Idempotency-Replayed", "true");
        String body = row.getString(4);
        if (body != null) {
          answer.type(MediaType.APPLICATION_JSON_TYPE).entity(Json.MAPPER.readTree(body));
        }
        return answer.build();
      }
    }
  }

  private static void store(Connection connection, UUID clientId, String key, Response answer)
      throws SQLException, JsonProcessingException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : new String[] {"ETag", "Location"}) {
      String value = answer.getHeaderString(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "update idempotent_answer set status = ?, headers = ?::jsonb, body = ?"
                + " where client_id = ? and key = ?")) {
      update.setInt(1, answer.getStatus());
      update.setString(2, Json.MAPPER.writeValueAsString(headers));
      update.setString(
          3, answer.hasEntity() ? Json.MAPPER.writeValueAsString(answer.getEntity()) : null);
      update.setObject(4, clientId);
      update.setString(5, key);
      update.executeUpdate();
    }
  }
}
