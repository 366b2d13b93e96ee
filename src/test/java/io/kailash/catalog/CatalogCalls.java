package io.kailash.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** What the tests of this room ask of the running service. */
final class CatalogCalls {
  static final String TAXONOMY = "catalog-it";

  final RunningService service = RunningService.get();

  /** The address of an item. */
  static String item(String sku) {
    return "/api/v1/items/" + encoded(sku);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Sends a body as it is.
   *
   * @param headers names and values in turn
   */
  Reply send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        service
            .request(path)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    boolean typed = false;
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
      typed |= headers[i].equals("Content-Type");
    }
    if (body != null && !typed) {
      request.header("Content-Type", "application/json");
    }
    return service.send(request);
  }

  /** Makes an item and expects that to work. */
  Reply make(String sku, String title) {
    Reply reply = send("PUT", item(sku), "{\"title\":\"" + title + "\"}", "If-None-Match", "*");
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return reply;
  }

  /** Imports a small taxonomy for labels; doing it again changes nothing. */
  void importTaxonomy() {
    Reply reply =
        send(
            "POST",
            "/api/v1/taxonomies/" + TAXONOMY + "/versions?format=csv",
            "code,name,parent\nhome,Home,\nlamps,Lamps,home\nchairs,Chairs,home\n",
            "Content-Type",
            "text/csv");
    assertThat(reply.status()).as(reply.body()).isIn(200, 201);
  }

  /** Does the same from several threads that start together. */
  static List<Reply> together(int threads, IntFunction<Reply> call)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Reply>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        calls.add(
            pool.submit(
                () -> {
                  start.await();
                  return call.apply(number);
                }));
      }
      start.countDown();
      List<Reply> replies = new ArrayList<>();
      for (Future<Reply> running : calls) {
        replies.add(running.get());
      }
      return replies;
    } finally {
      pool.shutdownNow();
    }
  }

  static void assertProblem(Reply reply, int status, String type) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).hasValue("application/problem+json");
    assertThat(reply.json().path("type").asText()).isEqualTo("urn:kailash:problem:" + type);
    assertThat(reply.json().path("request_id").asText()).isNotBlank();
    assertThat(reply.body()).doesNotContain("io.kailash", "Exception", "\\tat ");
  }

  /** The pointers of a problem's errors. */
  static List<String> pointers(Reply reply) {
    List<String> pointers = new ArrayList<>();
    reply.json().path("errors").forEach(error -> pointers.add(error.path("pointer").asText()));
    return pointers;
  }
}
