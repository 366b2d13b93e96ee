package io.kailash.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.classification.SmallShop;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import io.kailash.stack.ServiceProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;

/** The live feed as those see it who are connected. */
class LiveIT {
  private static final String STREAM = "kailash:{live}:stream";

  private final RunningService service = RunningService.get();
  private String name;

  @BeforeEach
  void begin() {
    name = "live-" + UUID.randomUUID().toString().substring(0, 8) + "-";
  }

  private LiveClient connect() throws Exception {
    return LiveClient.connect(service.baseUri(), service.adminKey());
  }

  private static Map<String, Object> subscription(String topic, Map<String, ?> filter) {
    return Map.of("type", "subscribe", "ref", "s", "topics", Map.of(topic, filter));
  }

  private void put(String sku, String title) {
    assertThat(service.put("/api/v1/items/" + sku, Map.of("title", title)).status()).isIn(200, 201);
  }

  /** Writes an event into the feed as another instance would. */
  private String publish(String topic, String key, String data) {
    try (Jedis redis = new Jedis(service.addresses().redis().uri())) {
      StreamEntryID id =
          redis.xadd(
              STREAM,
              XAddParams.xAddParams(),
              Map.of("t", topic, "k", key, "a", "1700000000000", "d", data));
      return id.toString();
    }
  }

  /** The answer of the door to a handshake that may be refused. */
  private String handshake(String... headers) throws IOException {
    URI uri = service.baseUri();
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout((int) LiveClient.PATIENCE.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write(DeafClient.handshake(uri, headers));
      out.flush();
      return DeafClient.answerTo(socket);
    }
  }

  @Test
  void anUnknownKeyIsRefusedAtTheDoor() throws Exception {
    assertThat(handshake("Authorization: Bearer kk_nobody")).startsWith("HTTP/1.1 401");
    assertThat(handshake("Authorization: Basic abc")).startsWith("HTTP/1.1 401");
    assertThat(handshake("Authorization: Bearer " + service.adminKey())).startsWith("HTTP/1.1 101");
  }

  @Test
  void aPageOfAnotherOriginIsRefusedAtTheDoor() throws Exception {
    String key = "Authorization: Bearer " + service.adminKey();
    assertThat(handshake(key, "Origin: https://elsewhere.example")).startsWith("HTTP/1.1 403");
    assertThat(handshake(key, "Origin: null")).startsWith("HTTP/1.1 403");
    assertThat(handshake(key, "Origin: http://" + service.baseUri().getAuthority()))
        .startsWith("HTTP/1.1 101");
    Reply stream =
        service.send(
            service
                .request("/api/v1/live/events?topics=items&seconds=1")
                .header("Origin", "https://elsewhere.example")
                .GET());
    assertThat(stream.status()).isEqualTo(403);
  }

  @Test
  void anythingButAWebSocketIsToldWhatItIs() {
    Reply reply = service.get("/api/v1/live");
    assertThat(reply.status()).isEqualTo(426);
    assertThat(reply.json().path("type").asText())
        .isEqualTo("urn:kailash:problem:upgrade-required");
  }

  @Test
  void aKeyMayComeAsTheFirstMessageAndNothingElse() throws Exception {
    try (LiveClient client = LiveClient.connect(service.baseUri(), null)) {
      JsonNode answer =
          client.ask(
              "authenticated",
              Map.of("type", "authenticate", "ref", "1", "key", service.adminKey()));
      assertThat(answer.path("ref").asText()).isEqualTo("1");
      client.ask("subscribed", subscription("items", Map.of("prefix", name)));
      put(name + "a", "Lamp");
      assertThat(client.eventOf(name + "a").path("data").path("title").asText()).isEqualTo("Lamp");
    }
    try (LiveClient client = LiveClient.connect(service.baseUri(), null)) {
      JsonNode error = client.ask("error", subscription("items", Map.of()));
      assertThat(error.path("problem").path("status").asInt()).isEqualTo(401);
      assertThat(client.closed()).startsWith("1008 ");
    }
    try (LiveClient client = LiveClient.connect(service.baseUri(), null)) {
      JsonNode error = client.ask("error", Map.of("type", "authenticate", "key", "kk_wrong"));
      assertThat(error.path("problem").path("status").asInt()).isEqualTo(401);
      assertThat(client.closed()).startsWith("1008 ");
    }
  }

  @Test
  void aRevokedKeyEndsTheConnection() throws Exception {
    JsonNode made = service.post("/api/v1/clients", Map.of("name", name, "role", "reader")).json();
    try (LiveClient client = LiveClient.connect(service.baseUri(), made.path("key").asText())) {
      client.ask("subscribed", subscription("items", Map.of()));
      assertThat(service.delete("/api/v1/clients/" + made.path("id").asText()).status())
          .isEqualTo(204);
      assertThat(client.closed()).isEqualTo("1008 the API key was revoked");
    }
  }

  @Test
  void aChangeOfAnItemIsTold() throws Exception {
    try (LiveClient all = connect();
        LiveClient some = connect()) {
      all.ask("subscribed", subscription("items", Map.of("prefix", name)));
      some.ask(
          "subscribed",
          subscription(
              "items",
              Map.of("keys", List.of(name + "a", name + "b"), "where", Map.of("brand", "Lumo"))));
      put(name + "a", "Lamp");
      assertThat(
              service
                  .put("/api/v1/items/" + name + "b", Map.of("title", "Rug", "brand", "Lumo"))
                  .status())
          .isEqualTo(201);
      JsonNode first = all.eventOf(name + "a");
      assertThat(first.path("topic").asText()).isEqualTo("items");
      assertThat(first.path("data").path("version").asLong()).isEqualTo(1);
      assertThat(first.path("data").path("removed").asBoolean()).isFalse();
      all.eventOf(name + "b");
      // What does not fit the filter was passed over.
      assertThat(some.next("events").path("events").get(0).path("key").asText())
          .isEqualTo(name + "b");
      assertThat(
              service
                  .send(
                      service
                          .request("/api/v1/items/" + name + "a")
                          .header("If-Match", "*")
                          .DELETE())
                  .status())
          .isEqualTo(204);
      assertThat(all.eventOf(name + "a").path("data").path("removed").asBoolean()).isTrue();
      all.send(Map.of("type", "unsubscribe", "ref", "u"));
      assertThat(all.next("subscribed").path("topics")).isEmpty();
    }
  }

  @Test
  void oneWhoComesBackHasLostNothingAndGetsNothingTwice() throws Exception {
    String seen;
    try (LiveClient client = connect()) {
      client.ask("subscribed", subscription("jobs", Map.of("prefix", name)));
      publish("jobs", name + 0, "{}");
      publish("items", name + "other", "{}");
      publish("jobs", name + 1, "{}");
      seen = client.eventOf(name + 0).path("id").asText();
    }
    for (int i = 2; i < 3000; i++) {
      publish("jobs", name + i, "{\"n\":" + i + "}");
    }
    try (LiveClient client = connect()) {
      client.send(
          Map.of(
              "type",
              "subscribe",
              "topics",
              Map.of("jobs", Map.of("prefix", name)),
              "after",
              seen));
      for (int i = 3000; i < 3200; i++) {
        publish("jobs", name + i, "{\"n\":" + i + "}");
      }
      List<String> keys =
          client.eventsUntil(event -> event.path("key").asText().equals(name + 3199)).stream()
              .map(event -> event.path("key").asText())
              .toList();
      assertThat(keys)
          .containsExactlyElementsOf(IntStream.range(1, 3200).mapToObj(i -> name + i).toList());
    }
  }

  /** An instance that was not there when it happened has nothing in memory. */
  @Test
  void oneWhoComesBackToAnotherInstanceIsServedFromWhatIsKept() throws Exception {
    String seen = publish("jobs", name + 0, "{}");
    for (int i = 1; i < 1500; i++) {
      publish("jobs", name + i, "{}");
    }
    try (ServiceProcess other = service.startAnother();
        LiveClient client = LiveClient.connect(other.baseUri(), service.adminKey());
        LiveClient here = connect()) {
      client.send(
          Map.of(
              "type",
              "subscribe",
              "topics",
              Map.of("jobs", Map.of("prefix", name), "items", Map.of("prefix", name)),
              "after",
              seen));
      publish("jobs", name + 1500, "{}");
      assertThat(
              client.eventsUntil(event -> event.path("key").asText().equals(name + 1500)).stream()
                  .map(event -> event.path("key").asText())
                  .toList())
          .containsExactlyElementsOf(IntStream.range(1, 1501).mapToObj(i -> name + i).toList());
      // What is changed at one instance is told at the other, both ways.
      here.ask("subscribed", subscription("items", Map.of("prefix", name)));
      put(name + "here", "Lamp");
      client.eventOf(name + "here");
      HttpResponse<String> there =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(other.baseUri().resolve("/api/v1/items/" + name + "there"))
                      .header("Authorization", "Bearer " + service.adminKey())
                      .header("Content-Type", "application/json")
                      .PUT(HttpRequest.BodyPublishers.ofString("{\"title\":\"Rug\"}"))
                      .build(),
                  BodyHandlers.ofString());
      assertThat(there.statusCode()).isEqualTo(201);
      here.eventOf(name + "there");
    }
  }

  @Test
  void oneWhoComesTooLateIsTold() throws Exception {
    publish("jobs", name + "last", "{}");
    try (LiveClient client = connect()) {
      client.send(
          Map.of(
              "type",
              "subscribe",
              "topics",
              Map.of("jobs", Map.of("prefix", name)),
              "after",
              "1000-0"));
      JsonNode gap = client.next("gap");
      assertThat(gap.path("after").asText()).isEqualTo("1000-0");
      assertThat(gap.path("from").asText()).isNotEmpty();
      client.eventOf(name + "last");
    }
    try (LiveClient client = connect()) {
      client.send(
          Map.of(
              "type",
              "subscribe",
              "topics",
              Map.of("jobs", Map.of("prefix", name)),
              "after",
              "9999999999999-0"));
      assertThat(client.next("gap").path("reason").asText())
          .isEqualTo("the place asked for is not known");
      publish("jobs", name + "new", "{}");
      client.eventOf(name + "new");
    }
  }

  @Test
  void whatIsNotAcknowledgedHoldsUpTheRest() throws Exception {
    try (LiveClient client = connect()) {
      client.ask(
          "subscribed",
          Map.of(
              "type",
              "subscribe",
              "topics",
              Map.of("jobs", Map.of("prefix", name)),
              "max_unacknowledged",
              2));
      for (int i = 0; i < 5; i++) {
        publish("jobs", name + i, "{}");
      }
      List<JsonNode> first = client.eventsUntil(e -> e.path("key").asText().equals(name + 1));
      assertThat(first).hasSize(2);
      // The answer to a ping passes what is held up.
      assertThat(client.ask("pong", Map.of("type", "ping", "ref", "p")).path("ref").asText())
          .isEqualTo("p");
      client.send(Map.of("type", "ack", "event", first.get(1).path("id").asText()));
      List<JsonNode> second = client.eventsUntil(e -> e.path("key").asText().equals(name + 3));
      assertThat(second).hasSize(2);
    }
  }

  @Test
  void oneWhoPausesGetsTheRestAtItsOwnPace() throws Exception {
    try (LiveClient slow = LiveClient.connect(service.baseUri(), service.adminKey(), false);
        LiveClient other = connect()) {
      int events = publishMuch(slow, other);
      slow.readOn();
      assertThat(
              slow.eventsUntil(e -> e.path("key").asText().equals(name + (events - 1))).stream()
                  .map(e -> e.path("key").asText())
                  .toList())
          .containsExactlyElementsOf(IntStream.range(0, events).mapToObj(i -> name + i).toList());
    }
  }

  @Test
  void oneWhoDoesNotReadIsDroppedAndTheOthersGoOn() throws Exception {
    try (LiveClient slow = LiveClient.connect(service.baseUri(), service.adminKey(), false);
        LiveClient other = connect()) {
      double before = droppedAsSlow();
      publishMuch(slow, other);
      Eventually.until("the slow one to be dropped", () -> droppedAsSlow() > before);
      slow.readOn();
      // The reason stands behind what was not read; where the connection is reset it is lost.
      assertThat(slow.closed()).matches("(1013 reads too slowly|broken: ).*");
      other.ask("pong", Map.of("type", "ping"));
    }
  }

  /**
   * Who asks without reading what is answered fills the queues between. Then the service takes no
   * more of it, or ends it; which comes first depends on how large those queues are.
   */
  @Test
  void oneWhoAsksAndDoesNotReadIsHeldBackOrDroppedAndTheOthersGoOn() throws Exception {
    String taxonomy = name + "shop";
    SmallShop.withLabels(service, taxonomy, 15).train(true);
    String question =
        "{\"type\":\"classify\",\"body\":{\"title\":\"corner sofa\",\"taxonomy\":\""
            + taxonomy
            + "\"}}";
    try (DeafClient slow = DeafClient.connect(service.baseUri(), service.adminKey());
        LiveClient other = connect()) {
      assertThat(isHeldBackOrDropped(slow, DeafClient.frames(question, 1_000)))
          .as(this::ended)
          .isTrue();
      other.ask("pong", Map.of("type", "ping"));
    }
  }

  /** False where more and more is taken. */
  private static boolean isHeldBackOrDropped(DeafClient slow, ByteBuffer thousand)
      throws Exception {
    AtomicReference<Instant> lastTaken = new AtomicReference<>(Instant.now());
    return Eventually.within(
        LiveClient.PATIENCE.multipliedBy(4),
        () -> {
          try {
            if (slow.write(thousand) > 0) {
              lastTaken.set(Instant.now());
            }
          } catch (IOException dropped) {
            return true;
          }
          if (!thousand.hasRemaining()) {
            thousand.rewind();
          }
          return lastTaken.get().plus(LiveClient.PATIENCE).isBefore(Instant.now());
        });
  }

  /** More than the queue of a listener holds; the other has all of it in the end. */
  private int publishMuch(LiveClient slow, LiveClient other) throws Exception {
    slow.send(subscription("jobs", Map.of("prefix", name)));
    other.ask("subscribed", subscription("jobs", Map.of("prefix", name)));
    String data = "{\"text\":\"" + "x".repeat(1000) + "\"}";
    int events = 3000;
    for (int i = 0; i < events; i++) {
      publish("jobs", name + i, data);
    }
    assertThat(other.eventsUntil(e -> e.path("key").asText().equals(name + (events - 1))))
        .hasSize(events);
    return events;
  }

  private double droppedAsSlow() {
    return ended()
        .lines()
        .filter(line -> line.contains("\"slow\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Ends of connections by reason, as the figures of the service tell them. */
  private String ended() {
    return service
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("kailash_live_ended"))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void whatCannotBeUnderstoodIsAnsweredAndHarmsNobody() throws Exception {
    try (LiveClient client = connect()) {
      for (String wrong :
          List.of(
              "not json",
              "",
              "[]",
              "null",
              "{\"type\":\"dance\"}",
              "{\"type\":\"ping\",\"unknown\":1}",
              "{\"type\":\"subscribe\"}",
              "{\"type\":\"subscribe\",\"topics\":{\"weather\":{}}}",
              "{\"type\":\"subscribe\",\"topics\":{\"items\":{}},\"after\":\"yesterday\"}",
              "{\"type\":\"ack\",\"event\":\"x\"}",
              "{\"type\":\"classify\",\"body\":{\"title\":5}}",
              "{\"type\":\"classify\"}",
              "[".repeat(10_000))) {
        client.send(wrong);
        JsonNode problem = client.next("error").path("problem");
        assertThat(problem.path("status").asInt()).as(wrong + " " + problem).isBetween(400, 422);
        assertThat(problem.path("request_id").asText()).isNotEmpty();
      }
      client.ask("pong", Map.of("type", "ping"));
    }
    try (LiveClient client = connect()) {
      client.sendBinary(new byte[] {1, 2, 3});
      assertThat(client.closed()).startsWith("1003 ");
    }
    try (LiveClient client = connect()) {
      client.ask("pong", Map.of("type", "ping"));
    }
  }

  @Test
  void whatIsTooLargeEndsTheConnection() throws Exception {
    for (String large : List.of("x".repeat(70_000), "ä".repeat(40_000))) {
      try (LiveClient client = connect()) {
        tryToSend(client, large);
        assertThat(client.closed()).matches("(1009|broken).*");
      }
    }
    for (int size : List.of(250_000, 5_000_000)) {
      try (LiveClient client = connect()) {
        tryToSend(client, "x".repeat(size));
        // 1011 where so much came at once that the server's own buffer is the first to be full.
        assertThat(client.closed()).as(size + " characters").matches("(1009|1011|broken).*");
      }
    }
    try (LiveClient client = connect()) {
      String largest = "{\"type\":\"ping\",\"body\":\"" + "x".repeat(65_000) + "\"}";
      client.send(largest);
      client.next("pong");
    }
  }

  /** What they have sent would be more than the service's whole memory. */
  @Test
  void thoseWhoSendTooMuchLeaveNothingBehind() throws Exception {
    String large = "x".repeat(150_000);
    for (int i = 0; i < 3_000; i++) {
      try (LiveClient client = connect()) {
        tryToSend(client, large);
        client.closed();
      }
    }
    try (LiveClient client = connect()) {
      client.ask("pong", Map.of("type", "ping"));
    }
  }

  private static void tryToSend(LiveClient client, String text) throws InterruptedException {
    try {
      client.send(text);
    } catch (InterruptedException stopping) {
      throw stopping;
    } catch (Exception refused) {
      assertThat(refused).hasRootCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void oneWhoOnlySendsNonsenseIsDropped() throws Exception {
    try (LiveClient client = connect()) {
      for (int i = 0; i <= 101 && !client.isClosed(); i++) {
        tryToSend(client, "nonsense");
      }
      assertThat(client.closed()).startsWith("1008 ");
    }
  }

  @Test
  void itClassifiesAndTellsOfTheDecision() throws Exception {
    String taxonomy = name + "shop";
    SmallShop shop = SmallShop.withLabels(service, taxonomy, 15);
    shop.train(true);
    try (LiveClient client = connect();
        LiveClient watcher = connect()) {
      watcher.ask(
          "subscribed", subscription("decisions", Map.of("where", Map.of("taxonomy", taxonomy))));
      Map<String, Object> item = Map.of("title", "corner sofa " + name, "taxonomy", taxonomy);
      JsonNode answer = client.ask("answer", Map.of("type", "classify", "ref", "c7", "body", item));
      assertThat(answer.path("ref").asText()).isEqualTo("c7");
      JsonNode overHttp = service.post("/api/v1/classify", item).json();
      assertThat(answer.path("body").path("category")).isEqualTo(overHttp.path("category"));
      JsonNode told = watcher.eventOf(answer.path("body").path("id").asText());
      assertThat(told.path("topic").asText()).isEqualTo("decisions");
      assertThat(told.path("data").path("left_out").asLong()).isZero();
      JsonNode error =
          client.ask(
              "error", Map.of("type", "classify", "ref", "c8", "body", Map.of("title", " ")));
      assertThat(error.path("ref").asText()).isEqualTo("c8");
      assertThat(error.path("problem").path("errors").get(0).path("pointer").asText())
          .isEqualTo("/title");
    }
  }

  @Test
  void figuresOfTheServiceComeWhileSomebodyListens() throws Exception {
    try (LiveClient client = connect()) {
      client.ask("subscribed", subscription("service", Map.of()));
      JsonNode data = client.next("events").path("events").get(0).path("data");
      assertThat(data.path("live_connections").asInt()).isPositive();
      assertThat(data.path("stores").path("redis").asBoolean()).isTrue();
    }
  }

  @Test
  void aStreamTellsTheSameAndGoesOnAfterTheLastEvent() throws Exception {
    String before = publish("jobs", name + 0, "{\"line\":\"a\\nb\"}");
    publish("jobs", name + 1, "{}");
    publish("items", name + 2, "{}");
    Reply reply =
        service.send(
            service
                .request("/api/v1/live/events?topics=jobs,items&prefix=" + name + "&seconds=2")
                .header("Last-Event-ID", before)
                .GET());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type").orElseThrow()).startsWith("text/event-stream");
    assertThat(reply.body().lines().filter(line -> line.startsWith("event: ")).toList())
        .containsExactly("event: subscribed", "event: jobs", "event: items");
    List<String> ids = new ArrayList<>();
    reply.body().lines().filter(line -> line.startsWith("id: ")).forEach(ids::add);
    assertThat(ids).hasSize(2);
    Reply late =
        service.send(service.request("/api/v1/live/events?topics=jobs&after=5-0&seconds=1").GET());
    assertThat(late.body()).contains("event: gap");
    for (String wrong :
        List.of(
            "", "?topics=", "?topics=weather", "?topics=jobs&after=x", "?topics=jobs&seconds=0")) {
      Reply refused = service.get("/api/v1/live/events" + wrong);
      assertThat(refused.status()).as(wrong + refused.body()).isEqualTo(422);
    }
    Reply stranger =
        service.send(
            HttpRequest.newBuilder(service.baseUri().resolve("/api/v1/live/events?topics=jobs"))
                .timeout(Duration.ofSeconds(30))
                .GET());
    assertThat(stranger.status()).isEqualTo(401);
  }
}
