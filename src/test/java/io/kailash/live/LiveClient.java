package io.kailash.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** One who is connected by WebSocket, as the tests see it. */
final class LiveClient implements WebSocket.Listener, AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final Deque<JsonNode> unseen = new ArrayDeque<>();
  private final StringBuilder partial = new StringBuilder();
  private final boolean reads;
  private WebSocket socket;

  private LiveClient(boolean reads) {
    this.reads = reads;
  }

  /** Connects with a key in the header, or without one where it is null. */
  static LiveClient connect(URI service, String key) throws Exception {
    return connect(service, key, true);
  }

  /** Connects and, unless it {@code reads}, takes nothing after the first message. */
  static LiveClient connect(URI service, String key, boolean reads) throws Exception {
    LiveClient client = new LiveClient(reads);
    WebSocket.Builder builder =
        HttpClient.newHttpClient().newWebSocketBuilder().connectTimeout(PATIENCE);
    if (key != null) {
      builder.header("Authorization", "Bearer " + key);
    }
    client.socket =
        builder
            .buildAsync(
                URI.create(service.toString().replaceFirst("^http", "ws") + "/api/v1/live"), client)
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    JsonNode hello = client.next();
    assertThat(hello.path("type").asText()).isEqualTo("hello");
    assertThat(hello.path("protocol").asInt()).isEqualTo(1);
    assertThat(hello.path("authenticated").asBoolean()).isEqualTo(key != null);
    return client;
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      String text = partial.toString();
      partial.setLength(0);
      try {
        messages.add(JSON.readTree(text));
      } catch (JsonProcessingException notJson) {
        throw new IllegalStateException("not JSON: " + text, notJson);
      }
    }
    if (reads) {
      from.request(1);
    }
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    closed.complete("broken: " + failure);
  }

  /** Goes on to take what comes. */
  void readOn() {
    socket.request(Long.MAX_VALUE);
  }

  void send(String text) throws Exception {
    socket.sendText(text, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  void send(Map<String, ?> message) throws Exception {
    send(JSON.writeValueAsString(message));
  }

  void sendBinary(byte[] bytes) throws Exception {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** The next message. */
  JsonNode next() throws Exception {
    JsonNode message = messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(message).as("a message").isNotNull();
    return message;
  }

  /** The next message of a type; others before it are passed over. */
  JsonNode next(String type) throws Exception {
    Instant until = Instant.now().plus(PATIENCE);
    List<JsonNode> others = new ArrayList<>();
    while (Instant.now().isBefore(until)) {
      JsonNode message = messages.poll(100, TimeUnit.MILLISECONDS);
      if (message != null) {
        if (message.path("type").asText().equals(type)) {
          return message;
        }
        others.add(message);
      }
    }
    throw new AssertionError("no message of type " + type + ", but " + others);
  }

  /** The answer to a message. */
  JsonNode ask(String type, Map<String, ?> message) throws Exception {
    send(message);
    return next(type);
  }

  /**
   * Events, until one fits; the fitting one is the last. Several may come in one message: those
   * after the fitting one are kept for the next call.
   */
  List<JsonNode> eventsUntil(Predicate<JsonNode> last) throws Exception {
    List<JsonNode> events = new ArrayList<>();
    while (events.isEmpty() || !last.test(events.get(events.size() - 1))) {
      while (unseen.isEmpty()) {
        next("events").path("events").forEach(unseen::add);
      }
      events.add(unseen.remove());
    }
    return events;
  }

  /** The first event with a key. */
  JsonNode eventOf(String key) throws Exception {
    List<JsonNode> events = eventsUntil(event -> event.path("key").asText().equals(key));
    return events.get(events.size() - 1);
  }

  /** Code and reason with which the other side has closed. */
  String closed() throws Exception {
    return closed.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  boolean isClosed() {
    return closed.isDone();
  }

  void abort() {
    socket.abort();
  }

  @Override
  public void close() {
    socket.abort();
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
