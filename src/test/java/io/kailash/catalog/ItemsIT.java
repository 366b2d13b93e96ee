package io.kailash.catalog;

import static io.kailash.catalog.CatalogCalls.assertProblem;
import static io.kailash.catalog.CatalogCalls.item;
import static io.kailash.catalog.CatalogCalls.pointers;
import static io.kailash.catalog.CatalogCalls.together;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.platform.Json;
import io.kailash.stack.RunningService.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemsIT {
  private final CatalogCalls calls = new CatalogCalls();

  @Test
  void aPostedItemIsFoundUnderItsLocationAsItWasSent() throws Exception {
    String body =
        """
        {"sku": "posted-1", "title": "Desk lamp", "brand": "Volmira", "description": "Warm light.",
         "supplier_category": "Lamps > Desk", "url": "https://shop.example/lamp?a=1&b=2",
         "attributes": {"watt": 7.5, "colour": "black", "dimmable": true, "pieces": 12},
         "in_stock": false, "hidden": true}""";
    Reply made = calls.send("POST", "/api/v1/items", body);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.header("ETag")).hasValue("\"1\"");
    String location = made.header("Location").orElseThrow();
    assertThat(location).isEqualTo(calls.service.baseUri() + item("posted-1"));

    Reply read = calls.service.get(item("posted-1"));
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.header("ETag")).hasValue("\"1\"");
    assertThat(read.json()).isEqualTo(made.json());
    JsonNode sent = Json.MAPPER.readTree(body);
    sent.properties()
        .forEach(
            field ->
                assertThat(read.json().get(field.getKey()))
                    .as(field.getKey())
                    .isEqualTo(field.getValue()));
    assertThat(read.json().get("version").asLong()).isEqualTo(1);
    assertThat(read.json().get("created_at").asText()).endsWith("Z");
  }

  @Test
  void aSkuThatIsTakenIsAConflict() {
    calls.make("taken-1", "First");
    assertProblem(
        calls.send("POST", "/api/v1/items", "{\"sku\":\"taken-1\",\"title\":\"Second\"}"),
        409,
        "item-exists");
    assertThat(calls.service.get(item("taken-1")).json().get("title").asText()).isEqualTo("First");
  }

  @Test
  void puttingMakesAnItemOnceAndReplacesItWithTheVersionRead() {
    String path = item("put-1");
    Reply made = calls.send("PUT", path, "{\"title\":\"One\",\"brand\":\"B\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("Location")).hasValue(calls.service.baseUri() + path);

    assertProblem(calls.send("PUT", path, "{\"title\":\"Two\"}"), 428, "precondition-required");
    Reply stale = calls.send("PUT", path, "{\"title\":\"Two\"}", "If-Match", "\"7\"");
    assertProblem(stale, 412, "stale-version");
    assertThat(stale.header("ETag")).hasValue("\"1\"");
    assertProblem(
        calls.send("PUT", path, "{\"title\":\"Two\"}", "If-None-Match", "*"), 412, "item-exists");

    Reply replaced = calls.send("PUT", path, "{\"title\":\"Two\"}", "If-Match", "\"1\"");
    assertThat(replaced.status()).isEqualTo(200);
    assertThat(replaced.header("ETag")).hasValue("\"2\"");
    assertThat(replaced.json().get("title").asText()).isEqualTo("Two");
    assertThat(replaced.json().has("brand")).as("a replacement keeps nothing").isFalse();
    assertThat(calls.send("PUT", path, "{\"title\":\"Three\"}", "If-Match", "*").status())
        .isEqualTo(200);
    assertThat(calls.service.get(path).header("ETag")).hasValue("\"3\"");
  }

  @Test
  void replacingWhatIsNotThereFailsItsPrecondition() {
    for (String tag : List.of("\"1\"", "*")) {
      assertProblem(
          calls.send("PUT", item("absent-1"), "{\"title\":\"x\"}", "If-Match", tag),
          412,
          "stale-version");
    }
    assertProblem(calls.service.get(item("absent-1")), 404, "not-found");
  }

  @Test
  void aKnownVersionIsNotSentAgain() {
    calls.make("cached-1", "Lamp");
    for (String known : List.of("\"1\"", "W/\"1\"", "\"9\", \"1\"", "*")) {
      Reply reply = calls.send("GET", item("cached-1"), null, "If-None-Match", known);
      assertThat(reply.status()).as(known).isEqualTo(304);
      assertThat(reply.header("ETag")).hasValue("\"1\"");
      assertThat(reply.body()).isEmpty();
    }
    assertThat(calls.send("GET", item("cached-1"), null, "If-None-Match", "\"2\"").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/merge-patch+json", "application/json"})
  void aPatchChangesWhatItNames(String type) {
    String sku = "patched-" + type.length();
    calls.send(
        "PUT",
        item(sku),
        "{\"title\":\"Lamp\",\"brand\":\"B\",\"in_stock\":false,\"attributes\":{\"a\":1,\"b\":2}}");
    Reply patched =
        calls.send(
            "PATCH",
            item(sku),
            "{\"brand\":null,\"in_stock\":null,\"description\":\"new\","
                + "\"attributes\":{\"b\":null,\"c\":true}}",
            "If-Match",
            "\"1\"",
            "Content-Type",
            type);
    assertThat(patched.status()).as(patched.body()).isEqualTo(200);
    assertThat(patched.header("ETag")).hasValue("\"2\"");
    JsonNode item = calls.service.get(item(sku)).json();
    assertThat(item.get("title").asText()).isEqualTo("Lamp");
    assertThat(item.has("brand")).isFalse();
    assertThat(item.get("in_stock").asBoolean()).as("back to the default").isTrue();
    assertThat(item.get("description").asText()).isEqualTo("new");
    assertThat(item.get("attributes").toString()).isEqualTo("{\"a\":1,\"c\":true}");
  }

  @Test
  void aPatchIsRefusedLikeAnyOtherChange() {
    String path = item("patched-refused");
    calls.make("patched-refused", "Lamp");
    assertProblem(calls.send("PATCH", path, "{\"title\":\"x\"}"), 428, "precondition-required");
    assertProblem(
        calls.send("PATCH", path, "{\"title\":\"x\"}", "If-Match", "\"2\""), 412, "stale-version");
    assertProblem(
        calls.send("PATCH", path, "{\"title\":null}", "If-Match", "\"1\""), 422, "invalid-value");
    assertProblem(
        calls.send("PATCH", path, "{\"sku\":\"other\"}", "If-Match", "\"1\""),
        422,
        "invalid-value");
    for (String notAPatch :
        List.of("[]", "null", "\"x\"", "{\"colour\":1}", "{\"title\":7}", "", "{")) {
      assertProblem(
          calls.send("PATCH", path, notAPatch, "If-Match", "\"1\""), 400, "malformed-request");
    }
    assertProblem(
        calls.send("PATCH", path, "{}", "If-Match", "\"1\"", "Content-Type", "text/plain"),
        415,
        "unsupported-media-type");
    assertProblem(
        calls.send("PATCH", item("patched-absent"), "{}", "If-Match", "\"1\""), 404, "not-found");
    assertThat(calls.service.get(path).header("ETag")).hasValue("\"1\"");
  }

  @Test
  void aDeletedItemIsGoneAndItsVersionsNeverComeBack() {
    String path = item("deleted-1");
    calls.make("deleted-1", "Lamp");
    assertProblem(calls.service.delete(path), 428, "precondition-required");
    assertProblem(calls.send("DELETE", path, null, "If-Match", "\"5\""), 412, "stale-version");
    Reply deleted = calls.send("DELETE", path, null, "If-Match", "\"1\"");
    assertThat(deleted.status()).isEqualTo(204);
    assertProblem(calls.service.get(path), 404, "not-found");
    assertProblem(calls.send("DELETE", path, null, "If-Match", "\"2\""), 404, "not-found");
    assertProblem(
        calls.send("PUT", path, "{\"title\":\"x\"}", "If-Match", "*"), 412, "stale-version");

    Reply again = calls.make("deleted-1", "Another lamp");
    assertThat(again.json().get("version").asLong()).isEqualTo(3);
    assertThat(again.json().get("created_at")).isEqualTo(again.json().get("updated_at"));
    assertProblem(calls.send("DELETE", path, null, "If-Match", "\"1\""), 412, "stale-version");
  }

  @Test
  void aHeaderThatIsNoEntityTagIsMalformed() {
    calls.make("tags-1", "Lamp");
    assertProblem(
        calls.send("DELETE", item("tags-1"), null, "If-Match", "1"), 400, "malformed-request");
    assertProblem(
        calls.send("PUT", item("tags-1"), "{\"title\":\"x\"}", "If-None-Match", "\"1\""),
        400,
        "malformed-request");
    assertProblem(
        calls.send("GET", item("tags-1"), null, "If-None-Match", "x"), 400, "malformed-request");
  }

  @Test
  void ofManyWritersOfOneVersionExactlyOneWins() throws InterruptedException, ExecutionException {
    calls.make("race-1", "Start");
    for (int version = 1; version <= 5; version++) {
      String tag = "\"" + version + "\"";
      List<Reply> replies =
          together(
              8,
              writer ->
                  calls.send(
                      "PUT", item("race-1"), "{\"title\":\"by " + writer + "\"}", "If-Match", tag));
      assertThat(replies).extracting(Reply::status).containsOnly(200, 412);
      List<Reply> won = replies.stream().filter(reply -> reply.status() == 200).toList();
      assertThat(won).hasSize(1);
      assertThat(calls.service.get(item("race-1")).json()).isEqualTo(won.get(0).json());
    }
  }

  @Test
  void noIncrementOfConcurrentWritersIsLost() throws InterruptedException, ExecutionException {
    int writers = 6;
    int each = 5;
    calls.send("PUT", item("counter"), "{\"title\":\"Counter\",\"attributes\":{\"n\":0}}");
    together(
        writers,
        writer -> {
          Reply last = null;
          for (int done = 0; done < each; ) {
            Reply read = calls.service.get(item("counter"));
            int n = read.json().at("/attributes/n").asInt();
            last =
                calls.send(
                    "PATCH",
                    item("counter"),
                    "{\"attributes\":{\"n\":" + (n + 1) + "}}",
                    "If-Match",
                    read.header("ETag").orElseThrow());
            if (last.status() == 200) {
              done++;
            } else {
              assertThat(last.status()).isEqualTo(412);
            }
          }
          return last;
        });
    JsonNode counted = calls.service.get(item("counter")).json();
    assertThat(counted.at("/attributes/n").asInt()).isEqualTo(writers * each);
    assertThat(counted.get("version").asInt()).isEqualTo(1 + writers * each);
  }

  @Test
  void ofManyMakersOfOneSkuExactlyOneMakesIt() throws InterruptedException, ExecutionException {
    List<Reply> posted =
        together(
            8,
            n ->
                calls.send(
                    "POST", "/api/v1/items", "{\"sku\":\"made-1\",\"title\":\"by " + n + "\"}"));
    assertThat(posted).extracting(Reply::status).containsOnly(201, 409);
    assertThat(posted).filteredOn(reply -> reply.status() == 201).hasSize(1);

    List<Reply> put =
        together(
            8,
            n ->
                calls.send(
                    "PUT", item("made-2"), "{\"title\":\"by " + n + "\"}", "If-None-Match", "*"));
    assertThat(put).extracting(Reply::status).containsOnly(201, 412);
    assertThat(put).filteredOn(reply -> reply.status() == 201).hasSize(1);
  }

  @Test
  void aRepeatedWriteIsAnsweredAgainAndDoneOnce() {
    String body = "{\"sku\":\"once/1\",\"title\":\"Lamp\"}";
    Reply first = calls.send("POST", "/api/v1/items", body, "Idempotency-Key", "items-once-1");
    Reply second = calls.send("POST", "/api/v1/items", body, "Idempotency-Key", "items-once-1");
    assertThat(first.status()).as(first.body()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.header("Idempotency-Replayed")).hasValue("true");
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertProblem(
        calls.send(
            "POST",
            "/api/v1/items",
            "{\"sku\":\"once/2\",\"title\":\"Lamp\"}",
            "Idempotency-Key",
            "items-once-1"),
        422,
        "invalid-value");
  }

  @Test
  void everyWriteCanBeRepeated() {
    String path = item("repeat-1");
    for (int round = 0; round < 2; round++) {
      Reply put =
          calls.send("PUT", path, "{\"title\":\"A\"}", "Idempotency-Key", "items-repeat-put");
      assertThat(put.status()).isEqualTo(201);
    }
    for (int round = 0; round < 2; round++) {
      Reply patched =
          calls.send(
              "PATCH",
              path,
              "{\"title\":\"B\"}",
              "If-Match",
              "\"1\"",
              "Idempotency-Key",
              "items-repeat-patch");
      assertThat(patched.status()).isEqualTo(200);
      assertThat(patched.header("ETag")).hasValue("\"2\"");
    }
    for (int round = 0; round < 2; round++) {
      Reply deleted =
          calls.send(
              "DELETE", path, null, "If-Match", "\"2\"", "Idempotency-Key", "items-repeat-delete");
      assertThat(deleted.status()).isEqualTo(204);
    }
  }

  @Test
  void aRefusedWriteLeavesItsKeyFree() {
    String path = item("refused-1");
    assertProblem(
        calls.send("PUT", path, "{\"title\":\"\"}", "Idempotency-Key", "items-refused"),
        422,
        "invalid-value");
    assertThat(
            calls
                .send("PUT", path, "{\"title\":\"fine\"}", "Idempotency-Key", "items-refused")
                .status())
        .isEqualTo(201);
  }

  @Test
  void oneKeyFromManyThreadsIsOneWrite() throws InterruptedException, ExecutionException {
    List<Reply> replies =
        together(
            8,
            n ->
                calls.send(
                    "POST",
                    "/api/v1/items",
                    "{\"sku\":\"storm-1\",\"title\":\"Lamp\"}",
                    "Idempotency-Key",
                    "items-storm"));
    assertThat(replies).extracting(Reply::status).containsOnly(201);
    assertThat(replies).extracting(Reply::body).containsOnly(replies.get(0).body());
    assertThat(replies)
        .filteredOn(reply -> reply.header("Idempotency-Replayed").isEmpty())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b/c",
        "/",
        "a b+c",
        "50%",
        "%2F",
        "a;v=1",
        "q?x=1#y",
        "棚-ランプ",
        "مصباح",
        "😀",
        "'; drop table item; --",
        "a/../b",
        ".hidden",
        "labels",
        "a:b@c",
        "\"quoted\"",
        "<b>"
      })
  void anySkuHasAnAddress(String sku) throws Exception {
    String body = Json.MAPPER.writeValueAsString(Map.of("sku", sku, "title", "Lamp"));
    Reply made = calls.send("POST", "/api/v1/items", body);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    String location = made.header("Location").orElseThrow();
    String path = location.substring(calls.service.baseUri().toString().length());
    for (String address : List.of(path, item(sku))) {
      Reply read = calls.service.get(address);
      assertThat(read.status()).as(address).isEqualTo(200);
      assertThat(read.json().get("sku").asText()).isEqualTo(sku);
    }
    Reply replaced = calls.send("PUT", item(sku), "{\"title\":\"Lamps\"}", "If-Match", "\"1\"");
    assertThat(replaced.status()).as(replaced.body()).isEqualTo(200);
    assertThat(calls.service.get(item(sku) + "/labels").status()).isEqualTo(200);
    assertThat(calls.send("DELETE", item(sku), null, "If-Match", "\"2\"").status()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"title\":\"x\"}|/sku",
        "{\"sku\":\"\",\"title\":\"x\"}|/sku",
        "{\"sku\":\"..\",\"title\":\"x\"}|/sku",
        "{\"sku\":\"a\\\\b\",\"title\":\"x\"}|/sku",
        "{\"sku\":\"a\\nb\",\"title\":\"x\"}|/sku",
        "{\"sku\":\"bad-1\"}|/title",
        "{\"sku\":\"bad-1\",\"title\":\"\"}|/title",
        "{\"sku\":\"bad-1\",\"title\":\" \\t \"}|/title",
        "{\"sku\":\"bad-1\",\"title\":\"a\\u0000b\"}|/title",
        "{\"sku\":\"bad-1\",\"title\":\"a\\ud83d\"}|/title",
        "{\"sku\":\"bad-1\",\"title\":\"\\ude00b\"}|/title",
        "{\"sku\":\"bad-1\",\"title\":\"x\",\"url\":\"javascript:alert(1)\"}|/url",
        "{\"sku\":\"bad-1\",\"title\":\"x\",\"attributes\":{\"a\":{\"b\":1}}}|/attributes/a",
        "{\"sku\":\"bad-1\",\"title\":\"x\",\"attributes\":{\"a\":[1]}}|/attributes/a",
        "{\"sku\":\"bad-1\",\"title\":\"x\",\"attributes\":{\"a\":null}}|/attributes/a",
        "{\"sku\":\"bad-1\",\"title\":\"x\",\"attributes\":{\"a\":1e999}}|/attributes/a",
        "{\"sku\":\"bad-1\",\"title\":\"x\",\"attributes\":{\"\\ud83d\":1}}|/attributes",
      })
  void aValueOutOfItsRulesIsNamed(String body, String pointer) {
    Reply reply = calls.send("POST", "/api/v1/items", body);
    assertProblem(reply, 422, "invalid-value");
    assertThat(pointers(reply)).containsExactly(pointer);
    assertThat(calls.service.get(item("bad-1")).status()).isEqualTo(404);
  }

  @Test
  void everyOffendingFieldIsNamedAtOnce() {
    Reply reply =
        calls.send(
            "POST",
            "/api/v1/items",
            "{\"title\":\"" + "x".repeat(1001) + "\",\"brand\":\"" + "b".repeat(201) + "\"}");
    assertProblem(reply, 422, "invalid-value");
    assertThat(pointers(reply)).containsExactly("/sku", "/title", "/brand");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "lamp",
        "[]",
        "{\"sku\":\"bad-2\",\"title\":\"x\"",
        "{\"sku\":\"bad-2\",\"title\":\"x\"} {}",
        "{\"sku\":\"bad-2\",\"title\":5}",
        "{\"sku\":\"bad-2\",\"title\":[\"x\"]}",
        "{\"sku\":\"bad-2\",\"title\":{}}",
        "{\"sku\":\"bad-2\",\"title\":\"x\",\"in_stock\":\"yes\"}",
        "{\"sku\":\"bad-2\",\"title\":\"x\",\"attributes\":[]}",
        "{\"sku\":\"bad-2\",\"title\":\"x\",\"attributes\":\"a\"}",
        "{\"sku\":\"bad-2\",\"title\":\"x\",\"colour\":\"red\"}",
        "{\"sku\":\"bad-2\",\"title\":\"x\",\"version\":3}",
        "{\"sku\":\"bad-2\",\"title\":\"x\",\"title\":\"y\"}",
        "{\"sku\":\"bad-2\",\"title\":\"x\",\"attributes\":{\"a\":1,\"a\":2}}",
        "{\"sku\":\"bad-2\",\"title\":\"x\",\"\\ud83d\":1}",
      })
  void aBodyOfAnotherShapeIsMalformed(String body) {
    assertProblem(calls.send("POST", "/api/v1/items", body), 400, "malformed-request");
    assertThat(calls.service.get(item("bad-2")).status()).isEqualTo(404);
  }

  @Test
  void deepNestingIsMalformed() {
    String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
    assertProblem(
        calls.send(
            "POST",
            "/api/v1/items",
            "{\"sku\":\"bad-2\",\"title\":\"x\",\"attributes\":" + deep + "}"),
        400,
        "malformed-request");
  }

  @Test
  void aTitleOfOneMegabyteIsTooLarge() {
    assertProblem(
        calls.send(
            "POST",
            "/api/v1/items",
            "{\"sku\":\"bad-2\",\"title\":\"" + "x".repeat(1 << 20) + "\"}"),
        413,
        "too-large");
  }

  @Test
  void theSkuOfTheBodyIsThatOfTheAddress() {
    assertThat(pointers(calls.send("PUT", item("same-1"), "{\"sku\":\"other\",\"title\":\"x\"}")))
        .containsExactly("/sku");
    assertThat(calls.send("PUT", item("same-1"), "{\"sku\":\"same-1\",\"title\":\"x\"}").status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Lamp 💡👩‍👩‍👧‍👦 🇩🇪",
        "مصباح مكتب LED أسود",
        "מנורת שולחן USB-C 5V",
        "卓上ランプ LED 黒 ライト",
        "Ölfaß Ångström İstanbul ﬁne",
        "e\u0301 and \u00e9 differ",
        "\u202eright to left\u202c",
        "bell\u0007 tab\t line\nreturn\r escape\u001b delete\u007f",
        "  spaces stay  ",
        "\\ \" ' / <b> &amp; \\u0041 {} $1 ${x} %s",
        "\ufeffmark \u200b zero \ufffd width \uffff"
      })
  void anyTextComesBackExactly(String text) throws Exception {
    String sku = "exact-" + Integer.toHexString(text.hashCode());
    String body =
        Json.MAPPER.writeValueAsString(
            Map.of(
                "title", text,
                "brand", text,
                "description", text,
                "supplier_category", text,
                "attributes", Map.of("k" + text, text)));
    assertThat(calls.send("PUT", item(sku), body).status()).isEqualTo(201);
    JsonNode read = calls.service.get(item(sku)).json();
    for (String field : List.of("title", "brand", "description", "supplier_category")) {
      assertThat(read.get(field).asText()).as(field).isEqualTo(text);
    }
    assertThat(read.get("attributes").get("k" + text).asText()).isEqualTo(text);
  }

  @Test
  void aReaderReadsAndDoesNotWrite() {
    String key =
        calls
            .service
            .post("/api/v1/clients", Map.of("name", "catalog reader", "role", "reader"))
            .json()
            .get("key")
            .asText();
    calls.make("reader-1", "Lamp");
    assertThat(as(key, "GET", item("reader-1"), null).status()).isEqualTo(200);
    assertThat(as(key, "GET", "/api/v1/items", null).status()).isEqualTo(200);
    assertThat(as(key, "GET", "/api/v1/labels", null).status()).isEqualTo(200);
    assertProblem(as(key, "PUT", item("reader-1"), "{}"), 403, "forbidden");
    assertProblem(as(key, "PATCH", item("reader-1"), "{}"), 403, "forbidden");
    assertProblem(as(key, "DELETE", item("reader-1"), null), 403, "forbidden");
    assertProblem(as(key, "POST", "/api/v1/items", "{}"), 403, "forbidden");
    assertProblem(
        as(key, "PUT", item("reader-1") + "/labels/" + CatalogCalls.TAXONOMY, "{}"),
        403,
        "forbidden");
    assertProblem(
        as(key, "DELETE", item("reader-1") + "/labels/" + CatalogCalls.TAXONOMY, null),
        403,
        "forbidden");
  }

  private Reply as(String key, String method, String path, String body) {
    var request = calls.service.request(path).setHeader("Authorization", "Bearer " + key);
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofString(body));
    }
    return calls.service.send(request);
  }
}
