package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Classifies one sample item, so that the line which is printed for a person to try works when it
 * is printed. A service that has just begun with the sample catalog trains its first model; that is
 * waited for.
 */
final class FirstAnswer {

  static final String SAMPLE = "{\"title\":\"Stainless steel water bottle 750 ml\"}";

  private static final int CONFLICT = 409;
  private static final long POLL_MILLIS = 500;

  /** Between ready and the begin of the first training. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final URI service;
  private final String key;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  FirstAnswer(URI service, String key) {
    this.service = service;
    this.key = key;
  }

  /**
   * Tells what the service answers, once it has a model; or why there is none.
   *
   * @param limit how long a training that is under way is waited for
   */
  void await(Duration limit, ProgressListener listener) throws InterruptedException {
    long began = System.nanoTime();
    boolean told = false;
    while (true) {
      try {
        HttpResponse<String> answer = send("classify", BodyPublishers.ofString(SAMPLE, UTF_8));
        if (answer.statusCode() == CONFLICT) {
          boolean training = isTraining();
          if (training && !told) {
            told = true;
            listener.progress("The service trains its first model from the sample catalog");
          }
          Duration patience = training || told ? limit : GRACE;
          if (System.nanoTime() - began < patience.toNanos()) {
            Thread.sleep(POLL_MILLIS);
            continue;
          }
        }
        listener.progress(
            "The service answers " + answer.statusCode() + ": " + inShort(answer.body()));
        return;
      } catch (IOException e) {
        listener.progress("The service does not classify yet (" + e + "), see its log");
        return;
      }
    }
  }

  private boolean isTraining() throws IOException, InterruptedException {
    for (JsonNode job : json(send("jobs", null).body()).path("items")) {
      if (job.path("status").asText().matches("queued|running")) {
        return true;
      }
    }
    return false;
  }

  /** Category and confidence of an answer; the detail of a problem. */
  static String inShort(String body) throws IOException {
    JsonNode answer = json(body);
    if (answer.hasNonNull("detail")) {
      return answer.get("detail").asText();
    }
    StringJoiner path = new StringJoiner(" > ");
    answer.path("category").path("path").forEach(name -> path.add(name.asText()));
    return String.format(
        Locale.ROOT, "%s (confidence %.2f)", path, answer.path("confidence").asDouble());
  }

  private static JsonNode json(String body) throws IOException {
    return JsonMapper.builder().build().readTree(body);
  }

  private HttpResponse<String> send(String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.resolve("/api/v1/" + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json");
    if (body != null) {
      request.POST(body);
    }
    return client.send(request.build(), BodyHandlers.ofString(UTF_8));
  }
}
