package io.kailash.certification.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kailash.certification.load.HttpOperation.Truth;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What is asked over WebSockets that stay open: messages with answers, one more connection, whether
 * a connection has stayed. Many threads share the connections, so that messages on one of them need
 * not wait for each other.
 */
final class LiveOperation {

  /** A message with its answer. */
  static final String MESSAGE = "live.message";

  /** Whether a connection has stayed until the end: one sample for each. */
  static final String STAY = "live.stay";

  private static final String PATH = "/api/v1/live";
  private static final long LIMIT_SECONDS = 5;

  private final HttpTarget target;
  private final Truth truth;
  private final HttpClient client;
  private final List<Connection> connections = new ArrayList<>();
  private final AtomicLong next = new AtomicLong();
  private final AtomicInteger stayed = new AtomicInteger();

  private LiveOperation(HttpTarget target, Truth truth) {
    this.target = target;
    this.truth = truth;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(LIMIT_SECONDS))
            .executor(Executors.newFixedThreadPool(2, task -> daemon(task)))
            .build();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "websockets");
    thread.setDaemon(true);
    return thread;
  }

  /** Opens as many connections as are asked for. */
  static LiveOperation of(HttpTarget target, Truth truth, int connections) throws Exception {
    LiveOperation live = new LiveOperation(target, truth);
    List<CompletableFuture<Connection>> opening = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      opening.add(live.open());
      if (opening.size() == 50) {
        live.opened(opening);
      }
    }
    live.opened(opening);
    return live;
  }

  /** One connection that hears of changes of items of this catalog. */
  static LiveOperation listening(HttpTarget target, Truth truth, Consumer<JsonNode> events)
      throws Exception {
    LiveOperation live = of(target, truth, 1);
    Connection connection = live.connections.get(0);
    connection.events = events;
    connection.ask(
        "subscribe",
        "{\"type\":\"subscribe\",\"ref\":\"subscribe\",\"topics\":{\"items\":{\"prefix\":\"load-\"}}}");
    return live;
  }

  private void opened(List<CompletableFuture<Connection>> opening) throws Exception {
    for (CompletableFuture<Connection> one : opening) {
      connections.add(one.get(30, TimeUnit.SECONDS));
    }
    opening.clear();
  }

  static boolean isOneOfThem(String name) {
    return name.startsWith("live.");
  }

  /** A connection that has been greeted. */
  private CompletableFuture<Connection> open() {
    Connection connection = new Connection();
    URI http = target.base();
    URI address =
        URI.create(
            (http.getScheme().equals("https") ? "wss" : "ws") + "://" + http.getAuthority() + PATH);
    return client
        .newWebSocketBuilder()
        .header("Authorization", target.authorization())
        .connectTimeout(Duration.ofSeconds(LIMIT_SECONDS))
        .buildAsync(address, connection)
        .thenCompose(
            socket -> {
              connection.socket = socket;
              return connection.hello.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS);
            });
  }

  Operation make(String name) throws IOException {
    return switch (name) {
      case MESSAGE -> this::message;
      case "live.connect" -> random -> this::connect;
      default -> throw new IOException("operation '" + name + "' is not known");
    };
  }

  private Operation.Request message(SplittableRandom random) throws IOException {
    long number = next.getAndIncrement();
    Connection connection = connections.get((int) (number % connections.size()));
    String ref = Long.toString(number);
    // One message in ten asks for something to be worked out.
    boolean classify = random.nextInt(10) == 0;
    ObjectNode message = LoadOrder.json().createObjectNode();
    message.put("type", classify ? "classify" : "ping").put("ref", ref);
    if (classify) {
      message
          .putObject("body")
          .put("taxonomy", truth.taxonomy())
          .put("title", truth.anyItem(random).title());
    }
    String text = LoadOrder.json().writeValueAsString(message);
    return () -> {
      JsonNode answer = connection.ask(ref, text);
      String problem =
          classify
              ? answer.path("type").asText().equals("answer")
                  ? HttpOperation.wrongClassification(truth, answer.path("body"))
                  : "answer is no answer"
              : answer.path("type").asText().equals("pong") ? null : "answer is no pong";
      return new Operation.Looked("OK", 0, text.length(), 0, problem, List.of());
    };
  }

  private Operation.Answer connect() throws Exception {
    try {
      Connection connection = open().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      connection.socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
      return Operation.Looked.at(true, null);
    } catch (CompletionException | TimeoutException e) {
      return Operation.Looked.at(false, "no greeting within " + LIMIT_SECONDS + " s");
    }
  }

  /** Asks the next connection that was not asked yet; null when all were. */
  Operation.Request stay() {
    int number = stayed.getAndIncrement();
    if (number >= connections.size()) {
      return null;
    }
    Connection connection = connections.get(number);
    String ref = "stay-" + number;
    return () -> {
      JsonNode answer = connection.ask(ref, "{\"type\":\"ping\",\"ref\":\"" + ref + "\"}");
      return Operation.Looked.at(answer.path("type").asText().equals("pong"), "answer is no pong");
    };
  }

  void close() {
    connections.forEach(connection -> connection.socket.abort());
  }

  /** One WebSocket; what is sent waits for what was sent before. */
  private static final class Connection implements WebSocket.Listener {
    private final CompletableFuture<Connection> hello = new CompletableFuture<>();
    private final ConcurrentHashMap<String, CompletableFuture<JsonNode>> waiting =
        new ConcurrentHashMap<>();
    private final StringBuilder part = new StringBuilder();
    private CompletableFuture<WebSocket> sent = CompletableFuture.completedFuture(null);
    private volatile WebSocket socket;
    private volatile Consumer<JsonNode> events = event -> {};

    JsonNode ask(String ref, String text) throws Exception {
      CompletableFuture<JsonNode> answer = new CompletableFuture<>();
      waiting.put(ref, answer);
      try {
        synchronized (this) {
          sent = sent.thenCompose(before -> socket.sendText(text, true));
          sent.exceptionally(
              gone -> {
                answer.completeExceptionally(gone);
                return null;
              });
        }
        return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      } finally {
        waiting.remove(ref);
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        String text = part.toString();
        part.setLength(0);
        try {
          heard(LoadOrder.json().readTree(text));
        } catch (IOException e) {
          waiting.values().forEach(one -> one.completeExceptionally(e));
        }
      }
      webSocket.request(1);
      return null;
    }

    private void heard(JsonNode message) {
      if (message.path("type").asText().equals("hello")) {
        hello.complete(this);
        return;
      }
      message.path("events").forEach(events);
      CompletableFuture<JsonNode> answer = waiting.get(message.path("ref").asText());
      if (answer != null) {
        answer.complete(message);
      }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      gone(new IOException("closed with " + code));
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable failure) {
      gone(failure);
    }

    private void gone(Throwable failure) {
      hello.completeExceptionally(failure);
      waiting.values().forEach(one -> one.completeExceptionally(failure));
    }
  }
}
