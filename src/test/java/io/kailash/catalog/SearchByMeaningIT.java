package io.kailash.catalog;

import static io.kailash.catalog.CatalogCalls.assertProblem;
import static io.kailash.catalog.CatalogCalls.encoded;
import static io.kailash.catalog.CatalogCalls.item;
import static io.kailash.catalog.CatalogCalls.pointers;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.similarity.ServiceVectors;
import io.kailash.stack.Needs;
import io.kailash.stack.RunningService.Reply;
import io.kailash.stack.ServiceProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchByMeaningIT {
  private final CatalogCalls calls = new CatalogCalls();

  private void make(String sku, String title) {
    calls.make(sku, title);
    ServiceVectors.put(sku, title);
  }

  private List<String> found(String query) {
    Reply reply = calls.service.get("/api/v1/items?" + query);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.header("Link")).isEmpty();
    List<String> skus = new ArrayList<>();
    double before = 1.001;
    for (JsonNode found : reply.json().get("items")) {
      assertThat(found.get("similarity").asDouble()).isLessThanOrEqualTo(before);
      before = found.get("similarity").asDouble();
      skus.add(found.get("sku").asText());
    }
    return skus;
  }

  @Test
  @Needs("chroma")
  void itemsOfLikeMeaningComeFirstThoughTheyShareNoWord() {
    make("meaning-sofa", "Three-seat sofa in grey velvet");
    make("meaning-amp", "Valve amplifier for electric guitars");
    make("meaning-tent", "Lightweight two-person tent");
    assertThat(found("limit=1&meaning=" + encoded("comfortable couch")))
        .containsExactly("meaning-sofa");
    assertThat(found("limit=1&meaning=" + encoded("camping shelter for hikers")))
        .containsExactly("meaning-tent");
  }

  @Test
  @Needs("chroma")
  void whatIsHiddenDeletedOrNotInTheCatalogIsLeftOut() {
    make("meaning-kayak-1", "Inflatable kayak for rivers");
    make("meaning-kayak-2", "Inflatable kayak for rivers, red");
    make("meaning-kayak-3", "Inflatable kayak for rivers, blue");
    make("meaning-kayak-4", "Inflatable kayak for rivers, green");
    ServiceVectors.put("meaning-kayak-ghost", "Inflatable kayak for rivers");
    calls.send("PATCH", item("meaning-kayak-2"), "{\"hidden\":true}", "If-Match", "*");
    calls.send("DELETE", item("meaning-kayak-3"), null, "If-Match", "*");
    try {
      assertThat(found("limit=4&meaning=" + encoded("inflatable river kayak")))
          .contains("meaning-kayak-1", "meaning-kayak-4")
          .doesNotContain("meaning-kayak-2", "meaning-kayak-3", "meaning-kayak-ghost");
      assertThat(found("limit=1&similar_to=meaning-kayak-1")).containsExactly("meaning-kayak-4");
      assertThat(found("limit=10&similar_to=meaning-kayak-1")).doesNotContain("meaning-kayak-1");
    } finally {
      ServiceVectors.remove("meaning-kayak-ghost");
    }
  }

  @Test
  @Needs("chroma")
  void anItemThatIsNotYetInTheStoreIsComparedByItsText() {
    make("meaning-drill", "Cordless power drill 18 V");
    calls.make("meaning-drill-new", "Battery drill driver 18 V");
    assertThat(found("limit=1&similar_to=meaning-drill-new")).containsExactly("meaning-drill");
  }

  @Test
  void anUnknownItemHasNothingSimilar() {
    assertProblem(calls.service.get("/api/v1/items?similar_to=no-such-item"), 404, "not-found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cursor=abc", "q=lamp", "label=garden", "unlabelled_in=garden"})
  void filtersThatDoNotGoWithItAreRefused(String other) {
    for (String search : List.of("meaning=lamp", "similar_to=x")) {
      Reply reply = calls.service.get("/api/v1/items?" + search + "&" + other);
      assertProblem(reply, 422, "invalid-value");
      assertThat(pointers(reply)).containsExactly("?" + other.substring(0, other.indexOf('=')));
    }
  }

  @Test
  void aBlankOrTooLongTextAndTwoSearchesAtOnceAreRefused() {
    for (String query : List.of("meaning=", "meaning=%20", "meaning=" + "x".repeat(501))) {
      Reply reply = calls.service.get("/api/v1/items?" + query);
      assertProblem(reply, 422, "invalid-value");
      assertThat(pointers(reply)).containsExactly("?meaning");
    }
    Reply both = calls.service.get("/api/v1/items?meaning=a&similar_to=b");
    assertProblem(both, 422, "invalid-value");
  }

  @Test
  void withoutTheStoreOnlySearchByMeaningIsMissing() throws Exception {
    calls.make("meaning-lost", "Lamp");
    int nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = free.getLocalPort();
    }
    try (ServiceProcess instance =
        calls.service.startAnother(
            "-Dkailash.vectors=chroma", "-Dkailash.chroma.url=http://127.0.0.1:" + nobody)) {
      for (String query : List.of("meaning=lamp", "similar_to=meaning-lost")) {
        Reply reply = at(instance, "/api/v1/items?" + query);
        assertProblem(reply, 503, "unavailable");
        assertThat(reply.header("Retry-After")).hasValue("5");
      }
      assertThat(at(instance, "/api/v1/items?q=lamp").status()).isEqualTo(200);
      assertThat(at(instance, item("meaning-lost")).status()).isEqualTo(200);
    }
  }

  private Reply at(ServiceProcess instance, String path) {
    return calls.service.send(
        HttpRequest.newBuilder(URI.create(instance.baseUri() + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + calls.service.adminKey())
            .GET());
  }
}
