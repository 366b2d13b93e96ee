package io.kailash.classification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifyIT {
  private static final String PATH = "/api/v1/classify";
  private static RunningService service;
  private static SmallShop shop;

  @BeforeAll
  static void train() throws Exception {
    service = RunningService.get();
    shop = SmallShop.withLabels(service, "classify-it", 30);
    JsonNode job = shop.train(true);
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("succeeded");
    assertThat(job.path("result").path("status").asText()).isEqualTo("active");
  }

  @Test
  void anItemLandsInItsCategoryWithPathConfidenceAndAlternatives() {
    JsonNode answer = shop.classify("Brass reading lamp for the desk").json();
    assertThat(answer.path("category").path("code").asText()).isEqualTo("lamps");
    assertThat(answer.path("category").path("name").asText()).isEqualTo("Lamps");
    assertThat(answer.path("category").path("path").toString()).isEqualTo("[\"Home\",\"Lamps\"]");
    assertThat(answer.path("category").path("level").asInt()).isEqualTo(2);
    assertThat(answer.path("confidence").asDouble()).isGreaterThan(0.5).isLessThanOrEqualTo(1);
    assertThat(answer.path("decision").asText()).isIn("accept", "review");
    assertThat(answer.path("model_version").asText()).startsWith("classify-it-");
    JsonNode levels = answer.path("levels");
    assertThat(levels.size()).isEqualTo(2);
    assertThat(levels.path(0).path("confidence").asDouble())
        .isGreaterThanOrEqualTo(levels.path(1).path("confidence").asDouble());
    JsonNode alternatives = answer.path("alternatives");
    assertThat(alternatives.size()).isBetween(2, 3);
    assertThat(alternatives.path(0).path("code").asText()).isEqualTo("lamps");
    assertThat(alternatives.path(0).path("confidence").asDouble())
        .isGreaterThanOrEqualTo(alternatives.path(1).path("confidence").asDouble());
    assertThat(answer.has("evidence")).isFalse();
  }

  @Test
  void onRequestTheAnswerNamesWhatSpokeForIt() {
    JsonNode answer =
        service
            .post(
                PATH,
                Map.of("taxonomy", shop.taxonomy, "title", "espresso beans 1 kg", "explain", true))
            .json();
    assertThat(answer.path("evidence").size()).isPositive();
    assertThat(answer.path("evidence").toString()).contains("espresso");
  }

  @Test
  void asManyAlternativesComeAsWereAskedFor() {
    assertThat(
            service
                .post(PATH, Map.of("taxonomy", shop.taxonomy, "title", "saw", "alternatives", 1))
                .json()
                .path("alternatives")
                .size())
        .isEqualTo(1);
    Reply tooMany =
        service.post(PATH, Map.of("taxonomy", shop.taxonomy, "title", "saw", "alternatives", 51));
    assertThat(tooMany.status()).isEqualTo(422);
    assertThat(tooMany.body()).contains("/alternatives");
  }

  @Test
  void aTextWithNothingKnownInItIsNotSure() {
    JsonNode answer = shop.classify("\u5DE8\u9F8D \uD83D\uDC09").json();
    assertThat(answer.path("decision").asText()).isEqualTo("review");
    assertThat(answer.path("confidence").asDouble()).isLessThan(0.7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "green tea \uD83C\uDF75\uD83C\uDF75",
        "\u05EA\u05D4 \u05D9\u05E8\u05D5\u05E7 green tea",
        "\u0634\u0627\u064A \u0623\u062E\u0636\u0631 green tea \u7DD1\u8336",
        "green\u0001tea\u0007\u001b[31m",
        "GREEN TEA",
        "gre\u0301en tea \uFF21\uFF22"
      })
  void anyScriptIsClassified(String title) {
    Reply reply = shop.classify(title);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("category").path("code").asText()).isNotBlank();
  }

  private void refused(String body, int status, String inDetail) {
    Reply reply = service.post(PATH, body);
    assertThat(reply.status()).as(body.substring(0, Math.min(80, body.length()))).isEqualTo(status);
    assertThat(reply.header("Content-Type").orElse("")).startsWith("application/problem+json");
    assertThat(reply.json().path("detail").asText()).contains(inDetail);
  }

  @Test
  void whatIsNotJsonIsRefused() {
    refused("not json", 400, "not JSON");
    refused("", 400, "empty");
    refused("{\"title\": \"cut", 400, "not JSON");
    refused("null", 400, "null");
    refused("[]", 400, "object");
  }

  @Test
  void aWrongTypeIsRefusedByItsPointer() {
    refused("{\"title\": 5}", 400, "/title is not a text");
    refused("{\"title\": [\"a\"]}", 400, "/title");
    refused("{\"title\": \"a\", \"explain\": \"yes\"}", 400, "/explain");
  }

  @Test
  void anUnknownFieldIsRefusedByItsName() {
    refused("{\"title\": \"a\", \"titel\": \"b\"}", 400, "/titel is not a known field");
  }

  @Test
  void aMissingOrEmptyTitleIsRefused() {
    refused("{}", 422, "/title is missing");
    refused("{\"title\": null}", 422, "/title is missing");
    refused("{\"title\": \"\"}", 422, "/title is empty");
    refused("{\"title\": \" \\n \"}", 422, "/title is empty");
  }

  @Test
  void aTitleOfAMegabyteIsRefusedAsTooLarge() {
    refused("{\"title\": \"" + "x".repeat(1 << 20) + "\"}", 413, "kailash.http.max-json-bytes");
  }

  @Test
  void aTitleOverItsLimitIsRefusedWithBothNumbers() {
    refused(
        "{\"title\": \"" + "x".repeat(1_001) + "\"}", 422, "has 1001 characters; 1000 are allowed");
  }

  @Test
  void anUnpairedSurrogateAndTheCharacterZeroAreRefused() {
    refused("{\"title\": \"shoe \\ud83d\"}", 422, "/title has an unpaired surrogate");
    refused("{\"title\": \"shoe \\u0000\"}", 422, "/title has the character U+0000");
  }

  @Test
  void deepNestingAndRepeatedFieldsAreRefused() {
    refused("{\"title\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}", 400, "");
    refused("{\"title\": \"a\", \"title\": \"b\"}", 400, "repeated field");
  }

  @Test
  void anUnknownTaxonomyIsRefusedWithTheKnownOnes() {
    Reply reply = service.post(PATH, Map.of("taxonomy", "no-such", "title", "desk lamp"));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().path("detail").asText()).contains("no-such").contains(shop.taxonomy);
  }

  @Test
  void aTaxonomyWithoutAModelSaysHowToGetOne() {
    SmallShop.withoutLabels(service, "no-model-yet");
    Reply reply = service.post(PATH, Map.of("taxonomy", "no-model-yet", "title", "desk lamp"));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().path("type").asText()).isEqualTo("urn:kailash:problem:no-model");
    assertThat(reply.json().path("detail").asText())
        .contains("/labels/no-model-yet")
        .contains("POST /api/v1/models");
  }

  @Test
  void theCheckOfARequestAnswersLikeTheRequestItself() {
    assertThat(service.post(PATH + "/check", Map.of("title", "desk lamp")).status()).isEqualTo(204);
    assertThat(service.post(PATH + "/check", Map.of("title", "")).status()).isEqualTo(422);
  }
}
