package io.kailash.catalog;

import static io.kailash.catalog.CatalogCalls.TAXONOMY;
import static io.kailash.catalog.CatalogCalls.assertProblem;
import static io.kailash.catalog.CatalogCalls.item;
import static io.kailash.catalog.CatalogCalls.pointers;
import static io.kailash.catalog.CatalogCalls.together;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.RunningService.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsIT {
  private static final String LAMPS = "{\"category\":\"lamps\"}";
  private static final String CHAIRS = "{\"category\":\"chairs\"}";

  private final CatalogCalls calls = new CatalogCalls();

  @BeforeEach
  void taxonomy() {
    calls.importTaxonomy();
  }

  private static String label(String sku) {
    return item(sku) + "/labels/" + TAXONOMY;
  }

  private List<JsonNode> changes(String sku) {
    List<JsonNode> changes = new ArrayList<>();
    calls.service.get(label(sku) + "/changes").json().get("items").forEach(changes::add);
    return changes;
  }

  @Test
  void aLabelSaysWhoSetItWhenAndHow() {
    Reply made = calls.make("label-1", "Lamp");
    Reply set = calls.send("PUT", label("label-1"), LAMPS);
    assertThat(set.status()).as(set.body()).isEqualTo(201);
    JsonNode label = calls.service.get(item("label-1") + "/labels").json().at("/items/0");
    assertThat(label).isEqualTo(set.json());
    assertThat(label.get("sku").asText()).isEqualTo("label-1");
    assertThat(label.get("taxonomy").asText()).isEqualTo(TAXONOMY);
    assertThat(label.get("category").asText()).isEqualTo("lamps");
    assertThat(label.get("source").asText()).isEqualTo("editor");
    assertThat(label.get("set_by").asText()).isEqualTo("first administrator");
    assertThat(label.get("set_at").asText())
        .isGreaterThanOrEqualTo(made.json().get("created_at").asText());
  }

  @Test
  void everyChangeOfALabelIsKept() {
    calls.make("label-2", "Lamp");
    assertThat(calls.send("PUT", label("label-2"), LAMPS).status()).isEqualTo(201);
    assertThat(calls.send("PUT", label("label-2"), CHAIRS).status()).isEqualTo(200);
    assertThat(calls.service.delete(label("label-2")).status()).isEqualTo(204);
    assertProblem(calls.service.delete(label("label-2")), 404, "not-found");
    assertThat(calls.service.get(item("label-2") + "/labels").json().get("items")).isEmpty();
    assertThat(changes("label-2"))
        .extracting(change -> change.path("category").asText("none"))
        .containsExactly("none", "chairs", "lamps");
    assertThat(changes("label-2"))
        .allSatisfy(
            change -> {
              assertThat(change.get("changed_by").asText()).isEqualTo("first administrator");
              assertThat(change.get("changed_at").asText()).endsWith("Z");
            });
  }

  @Test
  void aLabelDoesNotChangeTheItem() {
    calls.make("label-3", "Lamp");
    calls.send("PUT", label("label-3"), LAMPS);
    assertThat(calls.service.get(item("label-3")).header("ETag")).hasValue("\"1\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"category\":\"sofas\"}",
        "{\"category\":\"Lamps\"}",
        "{\"category\":\"'; drop table label; --\"}",
        "{\"category\":\"\"}",
        "{\"category\":null}",
        "{}",
        "{\"category\":\"\\ud83d\"}",
        "{\"category\":\"lamps\\u0000\"}"
      })
  void aCategoryThatDoesNotExistIsRefusedByName(String body) {
    calls.send("PUT", item("label-4"), "{\"title\":\"Lamp\"}");
    Reply refused = calls.send("PUT", label("label-4"), body);
    assertProblem(refused, 422, "invalid-value");
    assertThat(pointers(refused)).containsExactly("/category");
    if (body.contains("sofas")) {
      assertThat(refused.json().get("detail").asText()).contains("'sofas'", TAXONOMY);
    }
    assertThat(calls.service.get(item("label-4") + "/labels").json().get("items")).isEmpty();
  }

  @Test
  void aLabelOfAnotherShapeIsMalformed() {
    calls.make("label-5", "Lamp");
    for (String body : List.of("", "[]", "{\"category\":1}", "{\"categories\":\"lamps\"}")) {
      assertProblem(calls.send("PUT", label("label-5"), body), 400, "malformed-request");
    }
  }

  @Test
  void aLabelNeedsItsItemAndItsTaxonomy() {
    calls.make("label-6", "Lamp");
    assertProblem(calls.send("PUT", label("label-absent"), LAMPS), 404, "not-found");
    assertProblem(calls.service.get(item("label-absent") + "/labels"), 404, "not-found");
    assertProblem(calls.service.get(label("label-absent") + "/changes"), 404, "not-found");
    assertProblem(calls.service.delete(label("label-absent")), 404, "not-found");
    String unknown = item("label-6") + "/labels/no-such-taxonomy";
    assertProblem(calls.send("PUT", unknown, LAMPS), 404, "not-found");
    assertProblem(calls.service.delete(unknown), 404, "not-found");
    assertProblem(calls.service.get(unknown + "/changes"), 404, "not-found");
    assertProblem(calls.service.get("/api/v1/labels?taxonomy=no-such"), 404, "not-found");
  }

  @Test
  void labelsGoWithTheirItem() {
    calls.make("label-7", "Lamp");
    calls.send("PUT", label("label-7"), LAMPS);
    calls.send("DELETE", item("label-7"), null, "If-Match", "\"1\"");
    calls.make("label-7", "Lamp again");
    assertThat(calls.service.get(item("label-7") + "/labels").json().get("items")).isEmpty();
    assertThat(changes("label-7"))
        .extracting(change -> change.path("category").asText("none"))
        .containsExactly("none", "lamps");
  }

  @Test
  void aTaxonomyInUseIsNotDeleted() {
    calls.make("label-8", "Lamp");
    calls.send("PUT", label("label-8"), LAMPS);
    assertThat(calls.service.delete("/api/v1/taxonomies/" + TAXONOMY).status()).isEqualTo(409);
    assertThat(calls.service.get(item("label-8") + "/labels").json().get("items")).hasSize(1);
  }

  @Test
  void aRepeatedLabelIsSetOnce() {
    calls.make("label-9", "Lamp");
    Reply first = calls.send("PUT", label("label-9"), LAMPS, "Idempotency-Key", "label-once");
    Reply second = calls.send("PUT", label("label-9"), LAMPS, "Idempotency-Key", "label-once");
    assertThat(second.status()).isEqualTo(first.status()).isEqualTo(201);
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(changes("label-9")).hasSize(1);
    assertProblem(
        calls.send("PUT", label("label-9"), CHAIRS, "Idempotency-Key", "label-once"),
        422,
        "invalid-value");
    for (int round = 0; round < 2; round++) {
      assertThat(
              calls
                  .send("DELETE", label("label-9"), null, "Idempotency-Key", "label-once-gone")
                  .status())
          .isEqualTo(204);
    }
  }

  @Test
  void concurrentLabelsAreAllInTheHistory() throws InterruptedException, ExecutionException {
    calls.make("label-10", "Lamp");
    List<Reply> replies =
        together(8, n -> calls.send("PUT", label("label-10"), n % 2 == 0 ? LAMPS : CHAIRS));
    assertThat(replies).extracting(Reply::status).containsOnly(200, 201);
    assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(1);
    assertThat(changes("label-10")).hasSize(8);
    assertThat(calls.service.get(item("label-10") + "/labels").json().at("/items/0/category"))
        .isEqualTo(changes("label-10").get(0).get("category"));
  }

  @Test
  void allLabelsArePagedOnce() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      made.add("label-paged-" + i);
      calls.make("label-paged-" + i, "Lamp");
      calls.send("PUT", label("label-paged-" + i), LAMPS);
    }
    for (String list : List.of("?taxonomy=" + TAXONOMY + "&limit=3", "?limit=3")) {
      List<String> seen = new ArrayList<>();
      String path = "/api/v1/labels" + list;
      while (path != null) {
        Reply reply = calls.service.get(path);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.json().get("items").size()).isBetween(1, 3);
        reply
            .json()
            .get("items")
            .forEach(
                label ->
                    seen.add(label.get("taxonomy").asText() + " " + label.get("sku").asText()));
        JsonNode next = reply.json().get("next_cursor");
        path = next == null ? null : "/api/v1/labels" + list + "&cursor=" + next.asText();
      }
      assertThat(seen)
          .doesNotHaveDuplicates()
          .containsSubsequence(made.stream().map(sku -> TAXONOMY + " " + sku).toList());
    }
    assertProblem(calls.service.get("/api/v1/labels?cursor=MQ"), 422, "invalid-value");
    assertProblem(calls.service.get("/api/v1/labels?cursor=eB95"), 422, "invalid-value");
  }
}
