package io.kailash.transfer.exports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.platform.Sha256;
import io.kailash.stack.RunningService.Reply;
import io.kailash.transfer.uploads.TransferCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class ExportsIT {
  private final TransferCalls calls = new TransferCalls();

  private static final List<String> TEXTS =
      List.of(
          "plain",
          "=1+1",
          "+49 30",
          "-5",
          "@home",
          "a,\"b\"\nc\r\nd\te\\f",
          "\\N",
          "\\.",
          "😀 مصباح \u0001\u007f",
          " ",
          "");

  /** Items with every kind of text, in a taxonomy of their own. */
  private void prepare(String code) throws Exception {
    calls.taxonomy(code);
    StringBuilder items = new StringBuilder();
    StringBuilder labels = new StringBuilder("sku,category\n");
    for (int i = 0; i < TEXTS.size(); i++) {
      try {
        items
            .append(
                new com.fasterxml.jackson.databind.ObjectMapper()
                    .writeValueAsString(
                        Map.of(
                            "sku",
                            code + "-" + i,
                            "title",
                            TEXTS.get(i).isBlank() ? "t" : TEXTS.get(i),
                            "description",
                            TEXTS.get(i),
                            "attributes",
                            Map.of("n", 1.5, "t", "\\" + TEXTS.get(i)))))
            .append('\n');
      } catch (IOException impossible) {
        throw new IllegalStateException(impossible);
      }
      labels.append(code).append('-').append(i).append(i % 2 == 0 ? ",lamps\n" : ",chairs\n");
    }
    calls.load("kind=items", items.toString());
    calls.load("kind=labels&taxonomy=" + code, labels.toString());
  }

  private Reply export(String path) {
    Reply reply = calls.service.get("/api/v1/exports/" + path);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply;
  }

  @Test
  void whatIsExportedIsWhatWasUploadedAndUploadsAsNoChange() throws Exception {
    prepare("ex-same");
    for (String format : List.of("csv", "ndjson")) {
      String items = export("items?taxonomy=ex-same&format=" + format).body();
      JsonNode again = calls.load("kind=items", items);
      assertThat(again.path("result").path("unchanged").asInt())
          .as(again + items)
          .isEqualTo(TEXTS.size());
      String labels = export("labels?taxonomy=ex-same&format=" + format).body();
      JsonNode labelled = calls.load("kind=labels", labels);
      assertThat(labelled.path("result").path("unchanged").asInt())
          .as(labelled + labels)
          .isEqualTo(TEXTS.size());
    }
    String[] texts = new String[TEXTS.size()];
    export("items?taxonomy=ex-same&format=ndjson")
        .body()
        .lines()
        .map(ExportsIT::read)
        .forEach(
            item ->
                texts[Integer.parseInt(item.path("sku").asText().substring("ex-same-".length()))] =
                    item.path("description").asText());
    assertThat(texts).containsExactlyElementsOf(TEXTS);
    assertThat(export("items?taxonomy=ex-same&category=lamps&format=ndjson").body().lines())
        .hasSize(6);
    assertThat(export("items?taxonomy=ex-same&since=2099-01-01T00:00:00Z&format=ndjson").body())
        .isEmpty();
  }

  private static JsonNode read(String json) {
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper().readTree(json);
    } catch (IOException notJson) {
      throw new AssertionError(json, notJson);
    }
  }

  @Test
  void formulasAreEscapedWhereThatIsAsked() throws Exception {
    prepare("ex-formula");
    assertThat(export("items?taxonomy=ex-formula").body()).contains(",=1+1,").contains(",@home,");
    String escaped = export("items?taxonomy=ex-formula&escape_formulas=true").body();
    assertThat(escaped)
        .contains(",'=1+1,")
        .contains(",'+49 30,")
        .contains(",'-5,")
        .contains(",'@home,")
        .contains(",plain,");
    Reply items = export("items?taxonomy=ex-formula");
    assertThat(items.header("Content-Disposition")).hasValue("attachment; filename=\"items.csv\"");
  }

  @Test
  void interactionsComeBackAsTheyWere() throws Exception {
    calls.load(
        "kind=interactions",
        """
        {"user":"ex-u,\\"1\\"","sku":"s1","kind":"view","at":"2026-01-01T00:00:00.123456Z"}
        {"user":"ex-u,\\"1\\"","sku":"s2","kind":"rating","value":3.5,"id":"ex-own-id","at":"2026-01-02T00:00:00Z"}
        """);
    for (String format : List.of("csv", "ndjson")) {
      String all = export("interactions?user=ex-u%2C%221%22&format=" + format).body();
      JsonNode again = calls.load("kind=interactions", all);
      assertThat(again.path("result").path("unchanged").asInt()).as(again + all).isEqualTo(2);
    }
    assertThat(export("decisions?format=csv").body()).startsWith("id,at,taxonomy,model,category,");
  }

  @Test
  void aJobsFileIsFetchedInRangesAndHasItsDigest() throws Exception {
    prepare("ex-job");
    Reply reply =
        calls.service.post(
            "/api/v1/exports",
            Map.of("what", "items", "format", "csv", "gzip", true, "taxonomy", "ex-job"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(202);
    JsonNode job = calls.ended(reply.json().path("job").asText());
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("succeeded");
    assertThat(job.path("result").path("rows").asInt()).isEqualTo(TEXTS.size());
    String path = "/api/v1/jobs/" + job.path("id").asText() + "/files/items.csv.gz";
    byte[] whole = bytes(path, null);
    assertThat(HexFormat.of().formatHex(Sha256.of(whole)))
        .isEqualTo(job.path("result").path("sha256").asText());
    byte[] first = bytes(path, "bytes=0-99");
    byte[] rest = bytes(path, "bytes=100-");
    byte[] both = new byte[whole.length];
    System.arraycopy(first, 0, both, 0, 100);
    System.arraycopy(rest, 0, both, 100, rest.length);
    assertThat(both).isEqualTo(whole);
    assertThat(
            new String(new GZIPInputStream(new ByteArrayInputStream(whole)).readAllBytes(), UTF_8))
        .isEqualTo(export("items?taxonomy=ex-job").body());
  }

  private byte[] bytes(String path, String range) throws IOException, InterruptedException {
    var request = calls.service.request(path).GET();
    if (range != null) {
      request.header("Range", range);
    }
    var response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(range == null ? 200 : 206);
    return response.body();
  }

  @Test
  void wrongWishesAreNamed() {
    Reply wrong =
        calls.service.post(
            "/api/v1/exports",
            Map.of("what", "cars", "format", "xml", "category", "x", "since", "yesterday"));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.json().path("errors")).hasSize(4);
    assertThat(calls.service.get("/api/v1/exports/cars").status()).isEqualTo(404);
    assertThat(calls.service.get("/api/v1/exports/items?taxonomy=nobodys").status()).isEqualTo(404);
  }
}
