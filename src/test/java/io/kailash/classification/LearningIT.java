package io.kailash.classification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import io.kailash.stack.ServiceProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Training, comparison, activation, roll-back, feedback and review on real stores. */
class LearningIT {
  private final RunningService service = RunningService.get();

  private JsonNode model(String version) {
    return service.get("/api/v1/models/" + version).json();
  }

  @Test
  void aTrainingReportsItsQualityAndBecomesActive() throws Exception {
    SmallShop shop = SmallShop.withLabels(service, "learn-first", 30);
    JsonNode job = shop.train(true);
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("succeeded");
    assertThat(job.path("fraction_done").asDouble()).isEqualTo(1);
    JsonNode model = model(job.path("result").path("model_version").asText());
    assertThat(model.path("status").asText()).isEqualTo("active");
    assertThat(model.path("quality").path("accuracy_at1").asDouble()).isGreaterThan(0.8);
    assertThat(model.path("quality").path("expected_calibration_error").isNumber()).isTrue();
    assertThat(model.path("examples").asLong()).isPositive();
    assertThat(model.path("sha256").asText()).hasSize(64);
    assertThat(model.path("training_data_digest").asText()).hasSize(64);
    assertThat(service.get("/api/v1/audit?limit=1000").body())
        .contains("model.activate")
        .contains(model.path("version").asText());
  }

  @Test
  void aWorseModelIsRefusedUnlessForcedAndRollsBack() throws Exception {
    SmallShop shop = SmallShop.withLabels(service, "learn-worse", 60);
    String good = shop.train(true).path("result").path("model_version").asText();
    assertThat(model(good).path("status").asText()).isEqualTo("active");
    // A model of wrong labels, judged on right ones, is worse.
    shop.label(60, 1, true);
    String bad = shop.train(false).path("result").path("model_version").asText();
    assertThat(model(bad).path("status").asText()).isEqualTo("candidate");
    shop.label(60, 1, false);

    String path = "/api/v1/models/" + bad + "/activate";
    Reply refused = service.post(path, Map.of());
    assertThat(refused.status()).as(refused.body()).isEqualTo(409);
    assertThat(refused.json().path("type").asText()).isEqualTo("urn:kailash:problem:worse-model");
    assertThat(model(bad).path("status").asText()).isEqualTo("refused");
    assertThat(model(good).path("status").asText()).isEqualTo("active");
    assertThat(shop.classify("wooden desk lamp").json().path("model_version").asText())
        .isEqualTo(good);

    assertThat(service.post(path, Map.of("force", true)).status()).isEqualTo(200);
    assertThat(model(good).path("status").asText()).isEqualTo("retired");
    assertThat(shop.classify("wooden desk lamp").json().path("model_version").asText())
        .isEqualTo(bad);

    Reply back = service.post("/api/v1/models/roll-back", Map.of("taxonomy", shop.taxonomy));
    assertThat(back.status()).as(back.body()).isEqualTo(200);
    assertThat(shop.classify("wooden desk lamp").json().path("model_version").asText())
        .isEqualTo(good);
    assertThat(service.get("/api/v1/audit?limit=1000").body())
        .contains("model.refuse")
        .contains("\"forced\": true")
        .contains("model.roll-back");
  }

  @Test
  void withTooFewLabelsTheJobFailsAndSaysWhatIsMissing() throws Exception {
    SmallShop shop = SmallShop.withoutLabels(service, "learn-none");
    JsonNode job = shop.train(true);
    assertThat(job.path("status").asText()).isEqualTo("failed");
    assertThat(job.path("problem").asText()).contains("0");
  }

  @Test
  void theModelSurvivesARestartAndACrashAndAnotherInstancePicksUpTheNextOne() throws Exception {
    SmallShop shop = SmallShop.withLabels(service, "learn-again", 20);
    String first = shop.train(true).path("result").path("model_version").asText();
    service.crashAndRestart();
    assertThat(shop.classify("green tea").json().path("model_version").asText()).isEqualTo(first);
    try (ServiceProcess other = service.startAnother()) {
      assertThat(versionFrom(other, shop)).isEqualTo(first);
      String second = shop.train(true).path("result").path("model_version").asText();
      assertThat(second).isNotEqualTo(first);
      if (model(second).path("status").asText().equals("refused")) {
        service.post("/api/v1/models/" + second + "/activate", Map.of("force", true));
      }
      Eventually.until(
          "the other instance to use " + second, () -> versionFrom(other, shop).equals(second));
    }
  }

  private String versionFrom(ServiceProcess other, SmallShop shop) {
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(other.baseUri() + "/api/v1/classify"))
                      .header("Authorization", "Bearer " + service.adminKey())
                      .header("Content-Type", "application/json")
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"taxonomy\":\"" + shop.taxonomy + "\",\"title\":\"green tea\"}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      return JsonMapper.builder().build().readTree(answer.body()).path("model_version").asText();
    } catch (java.io.IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void aDamagedModelFileIsLeftOutAtTheStartAndTheOthersGoOn() throws Exception {
    SmallShop damaged = SmallShop.withLabels(service, "learn-damaged", 20);
    damaged.train(true);
    SmallShop sound = SmallShop.withLabels(service, "learn-sound", 20);
    sound.train(true);
    String version = damaged.classify("green tea").json().path("model_version").asText();
    try (var connection = service.connection();
        var update =
            connection.prepareStatement(
                "update classifier_model_file set content = substr(content, 1, 1000)"
                    + " where model_id = (select id from classifier_model where version = ?)")) {
      update.setString(1, version);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
    service.restart();
    assertThat(damaged.classify("green tea").status()).isEqualTo(409);
    assertThat(sound.classify("green tea").status()).isEqualTo(200);
    damaged.train(true);
    assertThat(damaged.classify("green tea").status()).isEqualTo(200);
  }

  @Test
  void feedbackOnATextBecomesALabelThatIsLearnt() throws Exception {
    SmallShop shop = SmallShop.withLabels(service, "learn-text", 20);
    // The first model is trained by itself and may have begun before all labels were there.
    shop.train(true);
    JsonNode before = shop.train(true).path("result");
    JsonNode answer = shop.classify("zzyzx gadget of nowhere").json();
    String id = answer.path("id").asText();
    Reply given =
        service.post("/api/v1/classifications/" + id + "/feedback", Map.of("category", "saws"));
    assertThat(given.status()).as(given.body()).isEqualTo(200);
    assertThat(given.json().path("category").asText()).isEqualTo("saws");
    JsonNode after = shop.train(false).path("result");
    long total = before.path("learnt").asLong() + before.path("held_out").asLong();
    assertThat(after.path("learnt").asLong() + after.path("held_out").asLong())
        .isEqualTo(total + 1);
  }

  @Test
  void feedbackOnAnItemLabelsThatItem() throws Exception {
    SmallShop shop = SmallShop.withLabels(service, "learn-item", 20);
    shop.train(true);
    service.put("/api/v1/items/learn-item-x", Map.of("title", "mint tea strainer"));
    String id =
        service
            .post(
                "/api/v1/classify",
                Map.of(
                    "taxonomy", shop.taxonomy, "title", "mint tea strainer", "sku", "learn-item-x"))
            .json()
            .path("id")
            .asText();
    assertThat(
            service
                .post("/api/v1/classifications/" + id + "/feedback", Map.of("category", "tea"))
                .status())
        .isEqualTo(200);
    String labels = service.get("/api/v1/items/learn-item-x/labels").body();
    assertThat(labels).contains("\"tea\"").contains("feedback");
  }

  @Test
  void contradictingOrUnknownFeedbackIsRefused() throws Exception {
    SmallShop shop = SmallShop.withLabels(service, "learn-refuse", 20);
    shop.train(true);
    String id = shop.classify("green tea").json().path("id").asText();
    String path = "/api/v1/classifications/" + id + "/feedback";
    assertThat(service.post(path, Map.of()).status()).isEqualTo(422);
    assertThat(service.post(path, Map.of("right", false)).status()).isEqualTo(422);
    assertThat(service.post(path, Map.of("right", true, "category", "tea")).status())
        .isEqualTo(422);
    assertThat(service.post(path, Map.of("category", "no-such")).status()).isEqualTo(422);
    assertThat(service.post(path, Map.of("right", true)).status()).isEqualTo(200);
    assertThat(
            service
                .post(
                    "/api/v1/classifications/00000000-0000-7000-8000-000000000000/feedback",
                    Map.of("right", true))
                .status())
        .isEqualTo(404);
  }

  @Test
  void theReviewQueueListsUnsureDecisionsMostUsefulFirstAndFeedbackSettlesThem() throws Exception {
    SmallShop shop = SmallShop.withLabels(service, "learn-review", 30);
    shop.train(true);
    for (int i = 0; i < 3; i++) {
      shop.classify("qqq xyzzy unheard");
    }
    shop.classify("lamp rug sofa drill tea");
    String id = shop.classify("vvv plugh unknown").json().path("id").asText();
    String queuePath = "/api/v1/review-queue?taxonomy=" + shop.taxonomy;
    Eventually.until(
        "the queue to hold the last one", () -> service.get(queuePath).body().contains(id));
    JsonNode queue = service.get(queuePath).json().path("items");
    double last = Double.MAX_VALUE;
    long sameText = 0;
    for (JsonNode entry : queue) {
      assertThat(entry.path("usefulness").asDouble()).isLessThanOrEqualTo(last);
      last = entry.path("usefulness").asDouble();
      if (entry.path("title").asText().equals("qqq xyzzy unheard")) {
        sameText++;
      }
    }
    assertThat(sameText).as("each text once").isEqualTo(1);
    assertThat(
            service
                .post("/api/v1/classifications/" + id + "/feedback", Map.of("category", "paint"))
                .status())
        .isEqualTo(200);
    assertThat(service.get(queuePath).body()).doesNotContain(id);
  }

  @Test
  void aJobThatHasEndedCannotBeCancelled() throws Exception {
    SmallShop shop = SmallShop.withoutLabels(service, "learn-ended");
    String id = shop.train(true).path("id").asText();
    Reply refused = service.post("/api/v1/jobs/" + id + "/cancel", "");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(service.get("/api/v1/jobs?limit=1").json().path("items").size()).isEqualTo(1);
  }
}
