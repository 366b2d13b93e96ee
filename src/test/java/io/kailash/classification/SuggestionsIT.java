package io.kailash.classification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
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

  private Reply suggest(String code, String title) throws Exception {
    String path =
        "/api/v1/taxonomies/"
            + code
            + "/suggestions?limit=1&title="
            + URLEncoder.encode(title, UTF_8);
    Reply[] last = new Reply[1];
    Eventually.within(
        Eventually.PATIENCE,
        () -> {
          last[0] = service.get(path);
          if (last[0].status() != 503) {
            return true;
          }
          assertThat(last[0].header("Retry-After")).isPresent();
          return false;
        });
    assertThat(last[0].status()).as(last[0].body()).isEqualTo(200);
    return last[0];
  }

  private String first(String code, String title) throws Exception {
    JsonNode answer = suggest(code, title).json();
    assertThat(answer.get("suggestion").asBoolean()).isTrue();
    assertThat(answer.get("categories")).hasSize(1);
    return answer.get("categories").get(0).get("code").asText();
  }

  @Test
  void aTaxonomyWithoutLabelsSuggestsByWhatItsLeavesAreCalled() throws Exception {
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
  void aNewVersionReplacesWhatIsSuggested() throws Exception {
    taxonomy("suggest-version", "a,Lamps,\nb,Dog Food,\n");
    assertThat(first("suggest-version", "Kibble for puppies")).isEqualTo("b");
    taxonomy("suggest-version", "a,Dog Food,\nc,Lamps,\n");
    assertThat(first("suggest-version", "Kibble for puppies")).isEqualTo("a");
    assertThat(first("suggest-version", "Reading light")).isEqualTo("c");
  }
}
