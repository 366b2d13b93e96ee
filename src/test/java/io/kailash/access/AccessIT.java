package io.kailash.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccessIT {
  private final RunningService service = RunningService.get();

  private Reply as(String authorization, String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(service.baseUri() + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return service.send(request);
  }

  private Reply create(String name, String role) {
    return service.post("/api/v1/clients", Map.of("name", name, "role", role));
  }

  @Test
  void withoutAKeyTheAnswerIsAProblemThatSaysHow() {
    Reply reply = as(null, "POST", "/api/v1/classify", "{\"title\":\"desk lamp\"}");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("Content-Type")).hasValue("application/problem+json");
    assertThat(reply.header("WWW-Authenticate").orElse("")).startsWith("Bearer");
    assertThat(reply.json().path("type").asText()).isEqualTo("urn:kailash:problem:unauthenticated");
    assertThat(reply.json().path("detail").asText()).contains("Authorization: Bearer");
    assertThat(reply.json().path("request_id").asText()).isNotBlank();
  }

  @Test
  void aWrongKeyIsRefusedInEveryForm() {
    for (String header :
        new String[] {
          "Bearer kk_wrong",
          "Bearer ",
          "Basic abc",
          "Bearer " + service.adminKey() + "x",
          service.adminKey()
        }) {
      assertThat(as(header, "GET", "/api/v1/taxonomies", "").status()).as(header).isEqualTo(401);
    }
  }

  @Test
  void aReaderReadsAndChangesNothing() {
    Reply made = create("a reader", "reader");
    assertThat(made.status()).isEqualTo(201);
    String key = "Bearer " + made.json().path("key").asText();
    assertThat(as(key, "GET", "/api/v1/taxonomies", "").status()).isEqualTo(200);
    Reply refused = as(key, "POST", "/api/v1/models", "{\"taxonomy\":\"x\"}");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().path("detail").asText()).contains("editor").contains("reader");
    assertThat(as(key, "GET", "/api/v1/clients", "").status()).isEqualTo(403);
    assertThat(as(key, "GET", "/api/v1/audit", "").status()).isEqualTo(403);
  }

  @Test
  void aRevokedKeyIsRefusedAtOnce() {
    Reply made = create("soon gone", "editor");
    String key = "Bearer " + made.json().path("key").asText();
    assertThat(as(key, "GET", "/api/v1/taxonomies", "").status()).isEqualTo(200);
    String path = "/api/v1/clients/" + made.json().path("id").asText();
    assertThat(service.delete(path).status()).isEqualTo(204);
    assertThat(as(key, "GET", "/api/v1/taxonomies", "").status()).isEqualTo(401);
    assertThat(service.delete(path).status()).as("twice is the same as once").isEqualTo(204);
  }

  @Test
  void aKeyIsShownOnceAndStoredOnlyAsItsHash() throws Exception {
    Reply made = create("hashed", "reader");
    String key = made.json().path("key").asText();
    assertThat(key).startsWith("kk_").hasSizeGreaterThan(40);
    assertThat(service.get("/api/v1/clients").body()).doesNotContain(key);
    try (Connection connection = service.connection();
        PreparedStatement select =
            connection.prepareStatement("select count(*) from api_client a where a::text like ?")) {
      select.setString(1, "%" + key.substring(10) + "%");
      try (ResultSet row = select.executeQuery()) {
        row.next();
        assertThat(row.getInt(1)).isZero();
      }
    }
  }

  @Test
  void noKeyReachesALog() throws Exception {
    Reply made = create("not logged", "reader");
    String key = made.json().path("key").asText();
    as("Bearer " + key, "POST", "/api/v1/classify", "{not json");
    as("Bearer " + key + "tail", "GET", "/api/v1/nothing-here", "");
    Path log = service.service().log();
    try (Stream<String> lines = Files.lines(log)) {
      assertThat(lines.filter(line -> line.contains(key) || line.contains(service.adminKey())))
          .isEmpty();
    }
  }

  @Test
  void everyChangeOfClientsIsInTheAuditLog() {
    Reply made = create("audited", "editor");
    String id = made.json().path("id").asText();
    service.delete("/api/v1/clients/" + id);
    String audit = service.get("/api/v1/audit?limit=1000").body();
    assertThat(audit).contains("client.create").contains("client.revoke").contains(id);
  }

  @Test
  void aClientNeedsANameAndAKnownRole() {
    assertThat(create("", "reader").status()).isEqualTo(422);
    Reply wrongRole = create("x", "owner");
    assertThat(wrongRole.status()).isEqualTo(400);
    assertThat(wrongRole.json().path("errors").path(0).path("pointer").asText()).isEqualTo("/role");
    assertThat(service.delete("/api/v1/clients/not-an-id").status()).isEqualTo(404);
  }
}
