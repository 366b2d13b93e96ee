package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every refusal is a problem, whoever refuses: a room, the REST layer or the container. */
class ProblemsIT {
  private final RunningService service = RunningService.get();

  @ParameterizedTest
  @CsvSource({
    "GET,    /api/v1/nothing-here,  application/json, 404, not-found",
    "GET,    /nothing/at/all,       application/json, 404, not-found",
    "PUT,    /api/v1/classify,      application/json, 405, method-not-allowed",
    "POST,   /api/v1/classify,      text/plain,       415, unsupported-media-type",
    "POST,   /api/v1/classify,      application/json, 400, malformed-request",
    "GET,    /api/v1/items/no-such, application/json, 404, not-found",
    "GET,    /api/v1/jobs/nope,     application/json, 404, not-found"
  })
  void aRefusalIsAProblem(String method, String path, String type, int status, String problem) {
    Reply reply =
        service.send(
            service
                .request(path)
                .header("Content-Type", type)
                .method(
                    method,
                    method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{")));
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("Content-Type").orElse("")).startsWith("application/problem+json");
    JsonNode body = reply.json();
    assertThat(body.path("type").asText()).isEqualTo("urn:kailash:problem:" + problem);
    assertThat(body.path("status").asInt()).isEqualTo(status);
    assertThat(body.path("title").asText()).isNotBlank();
    assertThat(body.path("request_id").asText()).isEqualTo(reply.header("X-Request-Id").orElse(""));
    assertThat(reply.body()).doesNotContain("Exception", "io.kailash", "\tat ", "<html");
  }

  @Test
  void aMethodThatIsNotServedIsAnsweredWithThoseThatAre() {
    Reply reply = service.send(service.request("/api/v1/classify").PUT(BodyPublishers.noBody()));
    assertThat(reply.header("Allow").orElse("")).contains("POST");
  }

  @Test
  void aPlainRequestIdOfTheCallerReturns() {
    Reply reply =
        service.send(
            service.request("/api/v1/taxonomies").header("X-Request-Id", "shop-42.a_b").GET());
    assertThat(reply.header("X-Request-Id")).hasValue("shop-42.a_b");
  }

  @Test
  void aStrangeRequestIdIsReplaced() {
    Reply reply =
        service.send(
            service.request("/api/v1/taxonomies").header("X-Request-Id", "a b\"<script>").GET());
    assertThat(reply.header("X-Request-Id").orElse("")).isNotBlank().doesNotContain("script");
  }

  @Test
  void aQueryValueThatIsNoNumberIsNamed() {
    Reply reply = service.get("/api/v1/jobs?limit=abc");
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.json().path("errors").path(0).path("pointer").asText()).isEqualTo("?limit");
  }
}
