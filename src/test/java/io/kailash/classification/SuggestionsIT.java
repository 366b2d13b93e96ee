package io.kailash.classification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SuggestionsIT {
  private final RunningService service = RunningService.get();

  private void taxonomy(String code, String rows) {
    Reply reply =
        service.send(
            service
                .request("/api/v1/taxonomies/" + code + "/versions?format=csv")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString("code,name,parent\n" + rows)));
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
  }

  private Reply suggest(String code, String title) {
    String path =
        "/api/v1/taxonomies/"
            + code
            + "/suggestions?limit=1&title="
            + URLEncoder.encode(title, UTF_8);
    long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    Reply reply = service.get(path);
    while (reply.status() == 503 && System.nanoTime() < until) {
      assertThat(reply.header("Retry-After")).isPresent();
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      reply = service.get(path);
    }
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply;
  }

  private String first(String code, String title) {
    JsonNode answer = suggest(code, title).json();
    assertThat(answer.get("suggestion").asBoolean()).isTrue();
    assertThat(answer.get("categories")).hasSize(1);
    return answer.get("categories").get(0).get("code").asText();
  }

  @Test
  void aTaxonomyWithoutLabelsSuggestsByWhatItsLeavesAreCalled() {
    taxonomy(
        "suggest-it",
        "home,Home,\nlamps,Lighting,home\nbeds,Beds,home\n"
            + "pets,Pets,\nfood,Dog and Cat Food,pets\n");
    assertThat(first("suggest-it", "Brass reading light for the desk")).isEqualTo("lamps");
    assertThat(first("suggest-it", "Kibble for puppies, 5 kg")).isEqualTo("food");
    assertThat(
            service
                .post("/api/v1/classify", "{\"taxonomy\":\"suggest-it\",\"title\":\"Lamp\"}")
                .status())
        .isEqualTo(409);
  }

  @Test
  void aNewVersionReplacesWhatIsSuggested() {
    taxonomy("suggest-version", "a,Lamps,\nb,Dog Food,\n");
    assertThat(first("suggest-version", "Kibble for puppies")).isEqualTo("b");
    taxonomy("suggest-version", "a,Dog Food,\nc,Lamps,\n");
    assertThat(first("suggest-version", "Kibble for puppies")).isEqualTo("a");
    assertThat(first("suggest-version", "Reading light")).isEqualTo("c");
  }
}
