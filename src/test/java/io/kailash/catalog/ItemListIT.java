package io.kailash.catalog;

import static io.kailash.catalog.CatalogCalls.assertProblem;
import static io.kailash.catalog.CatalogCalls.encoded;
import static io.kailash.catalog.CatalogCalls.item;
import static io.kailash.catalog.CatalogCalls.pointers;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.RunningService.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemListIT {
  private final CatalogCalls calls = new CatalogCalls();

  private Reply search(String words) {
    Reply reply = calls.service.get("/api/v1/items?limit=1000&q=" + encoded(words));
    assertThat(reply.status()).as(words + " " + reply.body()).isEqualTo(200);
    return reply;
  }

  private static List<String> skus(Reply reply) {
    List<String> skus = new ArrayList<>();
    reply.json().get("items").forEach(item -> skus.add(item.get("sku").asText()));
    return skus;
  }

  /** The address behind {@code Link: rel=next}, without scheme and host; null on the last page. */
  private String next(Reply reply) {
    return reply
        .header("Link")
        .map(
            link -> {
              assertThat(link).endsWith("; rel=\"next\"");
              String address = link.substring(1, link.indexOf('>'));
              assertThat(address).contains("cursor=" + reply.json().get("next_cursor").asText());
              return address.substring(calls.service.baseUri().toString().length());
            })
        .orElse(null);
  }

  @Test
  void pagesHoldEveryItemOnceWhileOthersAreAddedAndChanged() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      made.add("paged-" + i);
      calls.make("paged-" + i, "Paged");
    }
    List<String> seen = new ArrayList<>();
    String path = "/api/v1/items?limit=5";
    for (int page = 0; path != null; page++) {
      Reply reply = calls.service.get(path);
      assertThat(skus(reply)).hasSizeLessThanOrEqualTo(5);
      seen.addAll(skus(reply));
      if (page < 3) {
        calls.make("paged-late-" + page, "Paged");
        calls.send("PUT", item("paged-" + page), "{\"title\":\"Changed\"}", "If-Match", "*");
      }
      path = next(reply);
    }
    assertThat(seen).doesNotHaveDuplicates().containsSubsequence(made);
  }

  @Test
  void searchPagesHoldEveryMatchOnce() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      made.add("zwick-" + i);
      calls.make("zwick-" + i, "zwickmuehle ".repeat(1 + i % 3).strip());
    }
    List<String> seen = new ArrayList<>();
    String path = "/api/v1/items?limit=4&q=zwickmuehle";
    while (path != null) {
      Reply reply = calls.service.get(path);
      seen.addAll(skus(reply));
      path = next(reply);
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
  }

  @Test
  void theBestMatchComesFirst() {
    calls.send("PUT", item("rank-description"), "{\"title\":\"x\",\"description\":\"quarzuhr\"}");
    calls.send("PUT", item("rank-brand"), "{\"title\":\"x\",\"brand\":\"Quarzuhr\"}");
    calls.send("PUT", item("rank-title"), "{\"title\":\"Quarzuhr\"}");
    assertThat(skus(search("quarzuhr")))
        .containsExactly("rank-title", "rank-brand", "rank-description");
  }

  @ParameterizedTest
  @CsvSource({
    "kabeltrommel, true",
    "KABELTROMMEL, true",
    "kabeltr, true",
    "trommel, false",
    "usb kabeltrommel, true",
    "kabeltrommel usb, true",
    "kabelt usb, false",
    "usb-c, true",
    "c/2, true",
    "12-b/7, true",
    "kt 12, true",
    "3.5, true",
    "acmex, true",
    "robust, true",
    "شاحن, true",
    "شاح, true",
    "充電, true",
    "größe, true",
    "kabeltrommel missing, false",
  })
  void allWordsMustMatchAndTheLastMayBeCutShort(String words, boolean found) {
    calls.send(
        "PUT",
        item("KT_12-B/7"),
        "{\"title\":\"Kabeltrommel USB-C/2 3.5mm شاحن 充電器 Größe\",\"brand\":\"AcmeX\","
            + "\"description\":\"Very robust.\"}");
    assertThat(skus(search(words)).contains("KT_12-B/7")).isEqualTo(found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; drop table item; --",
        "'",
        "''",
        "!!!",
        "&|",
        "a & | ! b",
        "(((",
        "<->",
        "a:*",
        ":*",
        "*",
        "\\",
        "\\'",
        "%",
        "_",
        "$$",
        "${jndi:ldap://x}",
        "😀",
        "مصباح \u202e abc",
        "\u0001\u001f",
        "\ufffd",
        "<script>",
        "a\nb\tc",
        "-13",
        "1e5",
        "http://x.example/a?b=c",
        "x@y.example",
        "and or not"
      })
  void noQueryBreaksTheSearch(String words) {
    calls.send("PUT", item("hostile"), "{\"title\":\"fine\"}");
    assertThat(search(words).json().get("items").isArray()).isTrue();
    assertThat(skus(search("fine"))).contains("hostile");
  }

  @Test
  void aQueryWithoutAWordMatchesNothingAndABlankOneIsNone() {
    calls.make("blank-query", "Lamp");
    assertThat(skus(search("!!!"))).isEmpty();
    assertThat(skus(search("&|"))).isEmpty();
    assertThat(skus(search("  "))).isNotEmpty();
  }

  @Test
  void aQueryThatCannotBeStoredOrIsTooLongIsRefused() {
    for (String words : List.of("a\u0000b", "x".repeat(501))) {
      Reply reply = calls.service.get("/api/v1/items?q=" + encoded(words));
      assertProblem(reply, 422, "invalid-value");
      assertThat(pointers(reply)).containsExactly("?q");
    }
  }

  @Test
  void whatWasChangedOrDeletedIsFoundAsItIs() {
    calls.make("moved-1", "zylinderhut");
    assertThat(skus(search("zylinderhut"))).containsExactly("moved-1");
    calls.send("PUT", item("moved-1"), "{\"title\":\"schlapphut\"}", "If-Match", "*");
    assertThat(skus(search("zylinderhut"))).isEmpty();
    assertThat(skus(search("schlapphut"))).containsExactly("moved-1");
    calls.send("DELETE", item("moved-1"), null, "If-Match", "*");
    assertThat(skus(search("schlapphut"))).isEmpty();
    assertThat(skus(search("moved"))).isEmpty();
  }

  @Test
  void aForeignCursorOrLimitIsRefused() {
    for (String query :
        List.of(
            "cursor=x",
            "cursor=%00",
            "cursor=YWJj",
            "cursor=",
            "q=a&cursor=MQ",
            "cursor=MC4xHzE",
            "q=a&cursor=eB94")) {
      Reply reply = calls.service.get("/api/v1/items?" + query);
      assertProblem(reply, 422, "invalid-value");
      assertThat(pointers(reply)).as(query).containsExactly("?cursor");
    }
    for (String limit : List.of("0", "-1", "1001")) {
      Reply reply = calls.service.get("/api/v1/items?limit=" + limit);
      assertProblem(reply, 422, "invalid-value");
      assertThat(pointers(reply)).containsExactly("?limit");
    }
  }

  @Test
  void itemsAreFilteredByTheirLabel() {
    calls.importTaxonomy();
    for (String sku : List.of("filter-lamp", "filter-chair", "filter-none")) {
      calls.make(sku, "filterware");
    }
    calls.service.put(item("filter-lamp") + "/labels/catalog-it", "{\"category\":\"lamps\"}");
    calls.service.put(item("filter-chair") + "/labels/catalog-it", "{\"category\":\"chairs\"}");
    assertThat(filtered("label=catalog-it:lamps")).containsExactly("filter-lamp");
    assertThat(filtered("label=catalog-it"))
        .containsExactlyInAnyOrder("filter-lamp", "filter-chair");
    assertThat(filtered("label=catalog-it:nothing")).isEmpty();
    assertThat(filtered("unlabelled_in=catalog-it")).containsExactly("filter-none");
    assertThat(filtered("label=catalog-it&unlabelled_in=catalog-it")).isEmpty();
    JsonNode unsearched =
        calls.service.get("/api/v1/items?limit=1000&label=catalog-it:lamps").json();
    assertThat(unsearched.get("items").findValuesAsText("sku")).contains("filter-lamp");
    for (String unknown : List.of("label=no-such:x", "unlabelled_in=no-such")) {
      assertProblem(calls.service.get("/api/v1/items?" + unknown), 404, "not-found");
    }
  }

  private List<String> filtered(String filter) {
    Reply reply = calls.service.get("/api/v1/items?q=filterware&" + filter);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return skus(reply);
  }
}
