package io.kailash.recommendation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Interactions in, recommendations out, feedback and experiments, on the real stores. */
class RecommendIT {
  private static final String INTERACTIONS = "/api/v1/interactions";
  private static RunningService service;

  @BeforeAll
  static void fill() {
    service = RunningService.get();
    for (int i = 0; i < 30; i++) {
      item("rec-" + i, "Lamp number " + i, i % 2 == 0 ? "Brevoxel" : "Volmira");
    }
    // Whoever buys an even one buys the next even one, too.
    StringBuilder lines = new StringBuilder();
    for (int user = 0; user < 20; user++) {
      for (int step = 0; step < 6; step++) {
        lines.append(
            line("rec-user-" + user, "rec-" + (2 * ((user + step) % 15)), "purchase", step));
      }
    }
    assertThat(stream(lines.toString()).path("added").asInt()).isEqualTo(120);
  }

  private static void item(String sku, String title, String brand) {
    Reply made = service.put("/api/v1/items/" + sku, Map.of("title", title, "brand", brand));
    assertThat(made.status()).as(made.body()).isIn(200, 201, 428);
  }

  private static String line(String user, String sku, String kind, int minute) {
    return String.format(
        Locale.ROOT,
        "{\"user\":\"%s\",\"sku\":\"%s\",\"kind\":\"%s\",\"at\":\"2026-01-05T10:%02d:00Z\"}%n",
        user,
        sku,
        kind,
        minute);
  }

  private static JsonNode stream(String lines) {
    Reply reply =
        service.send(
            service
                .request(INTERACTIONS)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines)));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static JsonNode interaction(String user, String sku, String kind) {
    Reply reply = service.post(INTERACTIONS, Map.of("user", user, "sku", sku, "kind", kind));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static JsonNode recommend(String query) {
    Reply reply = service.get("/api/v1/recommend?" + query);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static List<String> skus(JsonNode answer) {
    List<String> skus = new ArrayList<>();
    answer.path("items").forEach(item -> skus.add(item.path("sku").asText()));
    return skus;
  }

  private static long count(String sql, String value) throws SQLException {
    try (Connection connection = service.connection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, value);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  @Test
  void aNewUserGetsItemsThatExistEachOnceAndSaidWhy() {
    JsonNode answer = recommend("user=rec-nobody-knows&limit=12");
    assertThat(skus(answer)).hasSize(12).doesNotHaveDuplicates();
    answer
        .path("items")
        .forEach(
            item -> {
              assertThat(item.path("title").asText()).isNotEmpty();
              assertThat(item.path("reason").asText()).matches("(popular|new).*");
            });
    assertThat(answer.path("degraded").size()).as(answer.toString()).isZero();
    assertThat(answer.path("id").asText()).hasSize(36);
  }

  @Test
  void anInteractionCountsForTheVeryNextAnswer() {
    String user = "rec-at-once";
    List<String> before = skus(recommend("user=" + user + "&strategy=popular&limit=100"));
    String seen = before.get(0);
    interaction(user, seen, "view");
    assertThat(skus(recommend("user=" + user + "&strategy=popular&limit=100")))
        .doesNotContain(seen);
    interaction(user, before.get(1), "purchase");
    assertThat(skus(recommend("user=" + user + "&strategy=popular&limit=100")))
        .doesNotContain(seen, before.get(1));
  }

  @Test
  void aHiddenItemIsGoneFromTheVeryNextAnswerAndSoIsOneOutOfStockAndADeletedOne() throws Exception {
    String hidden = "rec-29";
    for (int i = 0; i < 60; i++) {
      interaction("rec-fan-" + i, hidden, "purchase");
    }
    Eventually.until(
        "what many bought to be popular",
        () -> skus(recommend("user=rec-hide&strategy=popular&limit=20")).contains(hidden));
    patch(hidden, Map.of("hidden", true));
    assertThat(skus(recommend("user=rec-hide&strategy=popular&limit=20"))).doesNotContain(hidden);
    patch(hidden, Map.of("hidden", false, "in_stock", false));
    assertThat(skus(recommend("user=rec-hide&strategy=popular&limit=20"))).doesNotContain(hidden);
    Eventually.until(
        "what is out of stock to be there for whoever wants it",
        () ->
            skus(recommend("user=rec-hide&strategy=popular&limit=20&in_stock=false"))
                .contains(hidden));
    patch(hidden, Map.of("in_stock", true));
    Eventually.until(
        "what is back",
        () -> skus(recommend("user=rec-hide&strategy=popular&limit=20")).contains(hidden));
    item("rec-deleted", "Lamp to be deleted", "Brevoxel");
    interaction("rec-somebody", "rec-deleted", "purchase");
    service.send(service.request("/api/v1/items/rec-deleted").header("If-Match", "*").DELETE());
    assertThat(skus(recommend("user=rec-hide&limit=100"))).doesNotContain("rec-deleted");
  }

  private static void patch(String sku, Map<String, Object> change) {
    try {
      Reply changed =
          service.send(
              service
                  .request("/api/v1/items/" + sku)
                  .header("Content-Type", "application/merge-patch+json")
                  .header("If-Match", "*")
                  .method(
                      "PATCH",
                      BodyPublishers.ofString(
                          new com.fasterxml.jackson.databind.ObjectMapper()
                              .writeValueAsString(change))));
      assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Test
  void anItemThatIsInNoCatalogIsNeverRecommended() {
    for (int i = 0; i < 30; i++) {
      interaction("rec-liar-" + i, "rec-no-such-item", "purchase");
    }
    service.post("/api/v1/recommender-models", Map.of());
    assertThat(skus(recommend("user=rec-believer&limit=100"))).doesNotContain("rec-no-such-item");
    assertThat(recommend("item=rec-no-such-item").path("items").size()).isPositive();
  }

  @Test
  void wrongLinesAreNamedAndTheOthersCount() {
    JsonNode outcome =
        stream(
            line("rec-lines", "rec-1", "view", 1)
                + "not json\n"
                + "\n"
                + line("rec-lines", "rec-2", "stolen", 2)
                + line("rec-lines", "rec-3", "view", 3)
                + "{\"user\":\"rec-lines\",\"sku\":\"rec-4\",\"kind\":\"rating\",\"value\":6}\n"
                + line("rec-lines", "rec-1", "view", 1).strip());
    assertThat(outcome.path("read").asInt()).isEqualTo(3);
    assertThat(outcome.path("added").asInt()).isEqualTo(2);
    assertThat(outcome.path("repeated").asInt()).isEqualTo(1);
    assertThat(outcome.path("wrong").asInt()).isEqualTo(3);
    assertThat(outcome.path("wrong_lines").findValuesAsText("line")).containsExactly("2", "4", "6");
    assertThat(outcome.path("wrong_lines").get(1).path("problem").asText()).contains("/kind");
  }

  @Test
  void theSameInteractionCountsOnceAndHasOneEvent() throws SQLException {
    Map<String, Object> own =
        Map.of("id", "order-17", "user", "rec-twice", "sku", "rec-1", "kind", "purchase");
    assertThat(service.post(INTERACTIONS, own).json().path("added").asInt()).isEqualTo(1);
    assertThat(service.post(INTERACTIONS, own).json().path("repeated").asInt()).isEqualTo(1);
    String many = (line("rec-twice", "rec-2", "view", 7)).repeat(5_000);
    assertThat(stream(many).path("added").asInt()).isEqualTo(1);
    assertThat(count("select count(*) from interaction where user_id = ?", "rec-twice"))
        .isEqualTo(2);
    assertThat(
            count(
                "select count(*) from outbox where kind = 'interaction' and key = ?", "rec-twice"))
        .isEqualTo(2);
  }

  @Test
  void lateInteractionsStandWhereTheyHappened() {
    stream(
        line("rec-late", "rec-1", "view", 30)
            + line("rec-late", "rec-2", "view", 10)
            + line("rec-late", "rec-3", "view", 20));
    recommend("user=rec-late");
    stream(line("rec-late", "rec-4", "view", 15));
    JsonNode all = service.get(INTERACTIONS + "?user=rec-late&limit=3").json();
    List<String> order = all.path("items").findValuesAsText("sku");
    order.addAll(
        service
            .get(INTERACTIONS + "?user=rec-late&limit=3&cursor=" + all.path("next_cursor").asText())
            .json()
            .path("items")
            .findValuesAsText("sku"));
    assertThat(order).containsExactly("rec-1", "rec-3", "rec-4", "rec-2");
  }

  @Test
  void aForgottenUserLeavesNothing() throws SQLException {
    interaction("rec-forget", "rec-1", "purchase");
    JsonNode shown = recommend("user=rec-forget");
    assertThat(skus(shown)).doesNotContain("rec-1");
    feedback(shown.path("id").asText(), skus(shown).get(0), "clicked", 200);
    Reply gone = service.delete(INTERACTIONS + "?user=rec-forget");
    assertThat(gone.json().path("removed").asInt()).isEqualTo(1);
    for (String table : List.of("interaction", "recommendation_shown")) {
      assertThat(count("select count(*) from " + table + " where user_id = ?", "rec-forget"))
          .as(table)
          .isZero();
    }
    assertThat(
            count(
                "select count(*) from outbox where kind = 'interaction' and removed and key = ?",
                "rec-forget"))
        .isEqualTo(1);
    assertThat(skus(recommend("user=rec-forget&limit=100"))).contains("rec-1");
  }

  private static void feedback(String id, String item, String kind, int status) {
    Reply reply =
        service.post(
            "/api/v1/recommendations/" + id + "/feedback", Map.of("item", item, "kind", kind));
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
  }

  @Test
  void feedbackIsCountedOncePerAnswerAndADismissedItemDoesNotComeAgain() {
    JsonNode before = rates("text");
    JsonNode shown = recommend("user=rec-clicks&strategy=text");
    String id = shown.path("id").asText();
    String item = skus(shown).get(0);
    feedback(id, item, "clicked", 200);
    feedback(id, item, "clicked", 200);
    feedback(id, item, "bought", 200);
    feedback(id, "rec-was-not-shown", "clicked", 422);
    feedback("00000000-0000-0000-0000-000000000000", item, "clicked", 404);
    JsonNode after = rates("text");
    assertThat(after.path("shown").asInt() - before.path("shown").asInt()).isEqualTo(1);
    assertThat(after.path("clicked").asInt() - before.path("clicked").asInt()).isEqualTo(1);
    assertThat(after.path("bought").asInt() - before.path("bought").asInt()).isEqualTo(1);
    feedback(id, item, "dismissed", 200);
    assertThat(skus(recommend("user=rec-clicks&strategy=text&limit=100"))).doesNotContain(item);
  }

  private static JsonNode rates(String strategy) {
    for (JsonNode row : service.get("/api/v1/recommendations/rates").json().path("items")) {
      if (row.path("strategy").asText().equals(strategy)) {
        return row;
      }
    }
    return new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode();
  }

  @Test
  void aTrainedModelIsUsedComparedAndRolledBack() throws Exception {
    JsonNode first = train();
    assertThat(first.path("status").asText()).isEqualTo("succeeded");
    assertThat(first.path("result").path("status").asText()).isEqualTo("active");
    JsonNode answer = recommend("item=rec-4&strategy=behaviour&explain=true");
    assertThat(answer.path("model_version").asText()).startsWith("recommender-");
    JsonNode best = answer.path("items").get(0);
    assertThat(best.path("because").asText()).isEqualTo("rec-4");
    assertThat(best.path("reason").asText()).isEqualTo("often chosen with Lamp number 4");
    assertThat(best.path("sources").path("behaviour").asDouble()).isPositive();
    JsonNode second = train();
    String newest = second.path("result").path("model_version").asText();
    Reply back =
        service.send(
            service.request("/api/v1/recommender-models/roll-back").POST(BodyPublishers.noBody()));
    assertThat(back.status()).as(back.body()).isEqualTo(200);
    assertThat(recommend("user=x").path("model_version").asText())
        .isEqualTo(back.json().path("version").asText())
        .isNotEqualTo(newest);
    Reply forward =
        service.post("/api/v1/recommender-models/" + newest + "/activate", Map.of("force", true));
    assertThat(forward.json().path("status").asText()).isEqualTo("active");
  }

  private static JsonNode train() throws Exception {
    Reply started = service.post("/api/v1/recommender-models", Map.of("activate", true));
    assertThat(started.status()).as(started.body()).isEqualTo(202);
    String job = "/api/v1/jobs/" + started.json().path("job").asText();
    Eventually.until("the training", () -> service.get(job).json().has("ended_at"));
    return service.get(job).json();
  }

  @Test
  void aUserStaysInOneArmAndTheResultsCountUsers() throws Exception {
    Reply made =
        service.post(
            "/api/v1/experiments",
            Map.of(
                "name",
                "rec-arms",
                "arms",
                List.of(
                    Map.of("name", "control", "strategy", "popular", "share", 0.5),
                    Map.of("name", "trial", "strategy", "fused", "share", 0.5))));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    Map<String, Integer> arms = new HashMap<>();
    for (int user = 0; user < 40; user++) {
      JsonNode once = recommend("user=rec-arm-" + user);
      JsonNode twice = recommend("user=rec-arm-" + user);
      assertThat(twice.path("arm").asText()).isEqualTo(once.path("arm").asText());
      assertThat(once.path("strategy").asText())
          .isEqualTo(once.path("arm").asText().equals("control") ? "popular" : "fused");
      arms.merge(once.path("arm").asText(), 1, Integer::sum);
      if (user == 0) {
        feedback(once.path("id").asText(), skus(once).get(0), "clicked", 200);
      }
    }
    assertThat(arms.keySet()).containsExactlyInAnyOrder("control", "trial");
    assertThat(recommend("user=rec-arm-0&strategy=text").has("arm")).isFalse();
    assertThat(recommend("item=rec-1").has("arm")).isFalse();
    Eventually.until(
        "what was shown to be written",
        () -> {
          JsonNode results = service.get("/api/v1/experiments/rec-arms").json().path("arms");
          return results.get(0).path("users").asInt() + results.get(1).path("users").asInt() == 40;
        });
    JsonNode results = service.get("/api/v1/experiments/rec-arms").json();
    results
        .path("arms")
        .forEach(
            arm ->
                assertThat(arm.path("users").asInt())
                    .isEqualTo(arms.get(arm.path("arm").asText())));
    assertThat(
            results.path("arms").get(0).path("successes").asInt()
                + results.path("arms").get(1).path("successes").asInt())
        .isEqualTo(1);
    Reply second =
        service.post(
            "/api/v1/experiments",
            Map.of(
                "name",
                "rec-second",
                "arms",
                List.of(
                    Map.of("name", "a", "strategy", "popular", "share", 0.5),
                    Map.of("name", "b", "strategy", "fused", "share", 0.5))));
    assertThat(second.status()).isEqualTo(409);
    Reply ended = service.post("/api/v1/experiments/rec-arms/end", Map.of("winner", "trial"));
    assertThat(ended.json().path("status").asText()).isEqualTo("ended");
    assertThat(recommend("user=rec-arm-0").has("arm")).isFalse();
  }

  @Test
  void filtersHold() {
    service.send(
        service
            .request("/api/v1/taxonomies/rec-shelves/versions?format=csv&name=Shelves")
            .header("Content-Type", "text/csv")
            .POST(
                BodyPublishers.ofString(
                    "code,name,parent\ntop,Top,\nred,Red,top\nblue,Blue,top\n")));
    for (int i = 0; i < 8; i++) {
      String sku = "rec-shelf-" + i;
      service.put(
          "/api/v1/items/" + sku,
          Map.of("title", "Shelf " + i, "attributes", Map.of("size", i < 4 ? "S" : "L")));
      service.put(
          "/api/v1/items/" + sku + "/labels/rec-shelves",
          Map.of("category", i % 2 == 0 ? "red" : "blue"));
    }
    assertThat(skus(recommend("user=f&taxonomy=rec-shelves&category=red")))
        .containsExactlyInAnyOrder("rec-shelf-0", "rec-shelf-2", "rec-shelf-4", "rec-shelf-6");
    assertThat(skus(recommend("user=f&taxonomy=rec-shelves&category=top&exclude=rec-shelf-3")))
        .hasSize(7)
        .doesNotContain("rec-shelf-3");
    JsonNode small =
        service
            .post(
                "/api/v1/recommend",
                Map.of(
                    "user",
                    "f",
                    "taxonomy",
                    "rec-shelves",
                    "category",
                    "red",
                    "attributes",
                    Map.of("size", "S")))
            .json();
    assertThat(skus(small)).containsExactlyInAnyOrder("rec-shelf-0", "rec-shelf-2");
    assertThat(small.path("items").get(0).path("reason").asText()).isEqualTo("new in Red");
    assertThat(service.get("/api/v1/recommend?taxonomy=rec-shelves&category=green").status())
        .isEqualTo(422);
  }

  @Test
  void theSameRequestIdGivesTheSameOrder() {
    List<List<String>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(
          skus(
              service
                  .send(
                      service
                          .request("/api/v1/recommend?user=rec-order&strategy=popular&limit=5")
                          .header("X-Request-Id", "order-1")
                          .GET())
                  .json()));
    }
    assertThat(answers.get(1)).isEqualTo(answers.get(0));
    assertThat(answers.get(2)).isEqualTo(answers.get(0));
  }

  @Test
  void whatIsAskedWronglyIsNamed() {
    assertThat(service.get("/api/v1/recommend?limit=0").status()).isEqualTo(422);
    assertThat(service.get("/api/v1/recommend?strategy=magic").body()).contains("?strategy");
    assertThat(service.get("/api/v1/recommend?explain=perhaps").status()).isEqualTo(422);
    assertThat(service.get("/api/v1/recommend?budget_ms=2001").status()).isEqualTo(422);
    assertThat(
            service
                .send(
                    service
                        .request("/api/v1/recommend")
                        .header("Kailash-Budget-Millis", "soon")
                        .GET())
                .status())
        .isEqualTo(422);
    assertThat(service.post(INTERACTIONS, Map.of("user", "u", "sku", "s")).body())
        .contains("/kind");
  }
}
