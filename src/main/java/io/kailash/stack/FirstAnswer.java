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
 * is printed. A service that begins with the sample catalog loads it and then trains its first
 * model; both are waited for.
 */
final class FirstAnswer {

  /** Names its taxonomy, so that it goes on working when there are more. */
  static final String SAMPLE =
      "{\"taxonomy\":\"starter\",\"title\":\"Stainless steel water bottle 750 ml\"}";

  /** For a service without the sample catalog. */
  static final String PLAIN = "{\"title\":\"Stainless steel water bottle 750 ml\"}";

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final long POLL_MILLIS = 500;

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
    long since = System.nanoTime();
    Awaited awaited = Awaited.SAMPLE;
    while (true) {
      try {
        HttpResponse<String> answer = send("classify", BodyPublishers.ofString(SAMPLE, UTF_8));
        if (answer.statusCode() == CONFLICT || answer.statusCode() == NOT_FOUND) {
          Awaited next = next(awaited);
          if (next != awaited) {
            awaited = next;
            since = System.nanoTime();
            if (awaited == Awaited.MODEL) {
              listener.progress("The service trains its first model from the sample catalog");
            }
          }
          Duration patience = awaited.patience == null ? limit : awaited.patience;
          if (System.nanoTime() - since < patience.toNanos()) {
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

  /** What a new service does one after the other, and how long that is waited for. */
  private enum Awaited {
    /** One that was emptied on purpose never loads it. */
    SAMPLE(Duration.ofSeconds(60)),
    TRAINING(Duration.ofSeconds(10)),
    /** As long as the caller allows. */
    MODEL(null);

    private final Duration patience;

    Awaited(Duration patience) {
      this.patience = patience;
    }
  }

  private Awaited next(Awaited awaited) throws IOException, InterruptedException {
    if (awaited == Awaited.MODEL || isTraining()) {
      return Awaited.MODEL;
    }
    return awaited == Awaited.TRAINING || hasItems() ? Awaited.TRAINING : Awaited.SAMPLE;
  }

  private boolean isTraining() throws IOException, InterruptedException {
    for (JsonNode job : json(send("jobs", null).body()).path("items")) {
      if (job.path("status").asText().matches("queued|running")) {
        return true;
      }
    }
    return false;
  }

  private boolean hasItems() throws IOException, InterruptedException {
    return !json(send("items?limit=1", null).body()).path("items").isEmpty();
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
