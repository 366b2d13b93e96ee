package io.kailash.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.access.ApiKeys;
import io.kailash.access.Caller;
import io.kailash.access.Role;
import io.kailash.platform.Json;
import io.kailash.platform.JsonBody;
import io.kailash.platform.LiveCall;
import io.kailash.platform.LiveId;
import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One WebSocket and what it says.
 *
 * <p>How many events are on their way is bounded by pings: each is answered by the other side only
 * after it has read everything before it, so what was written since the last answered one is unread
 * at most. The queues of the server and of the machine, which are large, never fill that way.
 * Answers do not wait for pings: what answers a ping comes behind all that the other side has asked
 * before, so who asks much at once would wait for itself. Answers are bounded by the queues: where
 * those are full, a write does not end.
 */
final class SocketListener extends Listener {
  private static final Logger LOG = Logger.getLogger(SocketListener.class.getName());
  private static final int MAX_REF = 64;
  private static final int MAX_MISTAKES = 100;
  private static final int MAX_ACKNOWLEDGE = 10_000;

  private final Session session;
  private final Connections connections;
  private final LiveSettings settings;
  private final ApiKeys keys;
  private final Broadcast broadcast;
  private final Map<String, LiveCall> calls;
  private final long openedNanos = System.nanoTime();

  // Of the writing side, which is one thread at a time.
  private long writtenChars;
  private long pingedAtChars;
  private volatile long answeredChars;

  private volatile long lastSignNanos = openedNanos;
  private volatile long lastMessageNanos = openedNanos;
  private volatile long lastPingNanos = openedNanos;

  // Of the reading side, which is one thread at a time.
  private StringBuilder begun;
  private int bytesOfMessage;
  private int mistakes;
  private double allowance;
  private long allowedNanos = openedNanos;

  /** What a client may send; a field that does not belong to the type is left alone. */
  record Message(
      String type,
      String ref,
      String key,
      Map<String, Subscription.Filter> topics,
      String after,
      Integer maxUnacknowledged,
      String event,
      JsonNode body) {}

  private record Answer(String type, String ref, Object body) {}

  SocketListener(
      Session session,
      Connections connections,
      ApiKeys keys,
      Broadcast broadcast,
      Map<String, LiveCall> calls) {
    super(connections, connections.settings().queueChars());
    this.session = session;
    this.connections = connections;
    settings = connections.settings();
    this.keys = keys;
    this.broadcast = broadcast;
    this.calls = calls;
    allowance = settings.messagesPerSecond();
    if (session.getUserPrincipal() instanceof Caller known) {
      become(known);
    }
  }

  /** The first word. */
  void greet() {
    Map<String, Object> hello = new LinkedHashMap<>();
    hello.put("protocol", 1);
    hello.put("authenticated", caller() != null);
    hello.put("topics", Subscription.TOPICS);
    hello.put("calls", calls.keySet());
    hello.put("feed", broadcast.isConnected() ? "connected" : "interrupted");
    hello.put("ping_seconds", settings.ping().toSeconds());
    hello.put("window_seconds", broadcast.window().toSeconds());
    hello.put("max_message_bytes", settings.messageBytes());
    say("hello", hello);
  }

  // What comes in.

  void pong(ByteBuffer payload) {
    lastSignNanos = System.nanoTime();
    if (payload.remaining() == Long.BYTES) {
      long answered = payload.getLong(payload.position());
      if (answered > answeredChars) {
        answeredChars = answered;
        pump();
      }
    }
  }

  /** A message, or the next part of one. One that is too large ends the connection. */
  void heard(String part, boolean last) {
    if (hasEnded()) {
      return;
    }
    bytesOfMessage += part.getBytes(StandardCharsets.UTF_8).length;
    if (bytesOfMessage > settings.messageBytes()) {
      begun = null;
      end(End.TOO_LARGE);
      return;
    }
    if (!last) {
      begun = begun == null ? new StringBuilder(2 * part.length()) : begun;
      begun.append(part);
      return;
    }
    String whole = begun == null ? part : begun.append(part).toString();
    begun = null;
    bytesOfMessage = 0;
    heard(whole);
  }

  private void heard(String text) {
    long now = System.nanoTime();
    lastSignNanos = now;
    lastMessageNanos = now;
    connections.cameIn();
    String ref = null;
    try {
      requireAllowance(now);
      Message message = read(text);
      ref = message.ref();
      take(message);
      mistakes = 0;
    } catch (RuntimeException refused) {
      refuse(ref, Problem.of(refused));
      if (++mistakes > MAX_MISTAKES) {
        // Who does not read cannot know of its mistakes, and too many questions are one.
        end(hasUnwrittenAnswers() ? End.SLOW : End.UNRULY);
      }
    }
  }

  private void refuse(String ref, Problem problem) {
    Map<String, Object> error = new LinkedHashMap<>();
    if (ref != null) {
      error.put("ref", ref);
    }
    error.put("problem", problem);
    say("error", error);
  }

  private void requireAllowance(long now) {
    int most = settings.messagesPerSecond();
    allowance = Math.min(most, allowance + (now - allowedNanos) / 1e9 * most);
    allowedNanos = now;
    if (allowance < 1) {
      throw new ProblemException(
          429,
          "too-many-messages",
          "Too many messages",
          "a WebSocket may send "
              + most
              + " messages a second (setting kailash.live.messages-per-second)",
          List.of());
    }
    allowance--;
  }

  private static Message read(String text) {
    Message message;
    try {
      message = Json.MAPPER.readValue(text, Message.class);
    } catch (JsonProcessingException wrong) {
      throw JsonBody.refusal(wrong);
    }
    if (message == null || message.type() == null) {
      throw ProblemException.malformed("/type", "is missing");
    }
    if (message.ref() != null && message.ref().length() > MAX_REF) {
      throw ProblemException.malformed("/ref", "has more than " + MAX_REF + " characters");
    }
    return message;
  }

  private void take(Message message) {
    if (caller() == null
        && !message.type().equals("authenticate")
        && !message.type().equals("ping")) {
      refuse(
          message.ref(),
          Problem.of(
              ProblemException.unauthenticated(
                  "send {\"type\":\"authenticate\",\"key\":\"...\"} first")));
      end(End.STRANGER);
      return;
    }
    switch (message.type()) {
      case "authenticate" -> authenticate(message);
      case "subscribe" -> subscribe(message);
      case "unsubscribe" ->
          broadcast.subscribe(this, Subscription.NOTHING, null, 0, reply(message));
      case "ack" -> acknowledge(place("/event", message.event()));
      case "ping" -> say("pong", reply(message));
      default -> call(message);
    }
  }

  private static Map<String, Object> reply(Message message) {
    return message.ref() == null ? Map.of() : Map.of("ref", message.ref());
  }

  private void authenticate(Message message) {
    if (caller() != null) {
      throw ProblemException.conflict(
          "authenticated-already", "Authenticated already", "this connection has its key");
    }
    if (message.key() == null) {
      throw ProblemException.malformed("/key", "is missing");
    }
    Caller known;
    try {
      known = keys.requireKey(message.key(), Role.READER);
    } catch (ProblemException nobody) {
      refuse(message.ref(), Problem.of(nobody));
      end(End.STRANGER);
      return;
    }
    connections.introduced(this, known);
    say("authenticated", reply(message));
  }

  private void subscribe(Message message) {
    if (message.topics() == null) {
      throw ProblemException.malformed(
          "/topics", "is missing; it names the topics, for example {\"items\":{}}");
    }
    Integer acknowledge = message.maxUnacknowledged();
    if (acknowledge != null && (acknowledge < 1 || acknowledge > MAX_ACKNOWLEDGE)) {
      throw ProblemException.invalid(
          "/max_unacknowledged", "is not between 1 and " + MAX_ACKNOWLEDGE);
    }
    broadcast.subscribe(
        this,
        Subscription.of(message.topics(), "/topics"),
        message.after() == null ? null : place("/after", message.after()),
        acknowledge == null ? 0 : acknowledge,
        reply(message));
  }

  static LiveId place(String pointer, String text) {
    if (text == null) {
      throw ProblemException.malformed(pointer, "is missing; it is the id of an event");
    }
    return LiveId.parse(text)
        .orElseThrow(() -> ProblemException.invalid(pointer, "is not the id of an event"));
  }

  private void call(Message message) {
    LiveCall call = calls.get(message.type());
    if (call == null) {
      throw ProblemException.malformed(
          "/type",
          "is not known; known are authenticate, subscribe, unsubscribe, ack, ping, "
              + String.join(", ", calls.keySet()));
    }
    Object body = call.answer(message.body());
    try {
      say(Json.MAPPER.writeValueAsString(new Answer("answer", message.ref(), body)));
    } catch (JsonProcessingException notJson) {
      throw new IllegalStateException("the answer of " + call.name() + " is not JSON", notJson);
    }
  }

  // What goes out.

  @Override
  boolean mayWrite(boolean answer) {
    return answer || writtenChars - answeredChars < settings.unansweredChars();
  }

  @Override
  void write(String text, boolean answer) {
    if (!answer) {
      writtenChars += text.length();
    }
    connections.wentOut();
    try {
      session
          .getAsyncRemote()
          .sendText(
              text,
              result -> {
                if (result.isOK()) {
                  written();
                } else {
                  end(End.GONE);
                }
              });
      if (writtenChars - pingedAtChars >= settings.unansweredChars() / 4) {
        ping();
      }
    } catch (IllegalStateException closed) {
      LOG.log(Level.FINE, "closed while it was written to", closed);
      end(End.GONE);
    }
  }

  private void ping() {
    pingedAtChars = writtenChars;
    lastPingNanos = System.nanoTime();
    try {
      session.getAsyncRemote().sendPing(ByteBuffer.allocate(Long.BYTES).putLong(0, pingedAtChars));
    } catch (IOException | IllegalStateException gone) {
      LOG.log(Level.FINE, "closed while it was pinged", gone);
      end(End.GONE);
    }
  }

  @Override
  String together(List<Heard> several) {
    if (several.size() == 1) {
      return several.get(0).frame();
    }
    StringBuilder text = new StringBuilder("{\"type\":\"events\",\"events\":[");
    for (int i = 0; i < several.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      text.append(several.get(i).json());
    }
    return text.append("]}").toString();
  }

  @Override
  String message(String type, Map<String, ?> fields) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("type", type);
    message.putAll(fields);
    try {
      return Json.MAPPER.writeValueAsString(message);
    } catch (JsonProcessingException notJson) {
      throw new IllegalStateException("a message of type " + type + " is not JSON", notJson);
    }
  }

  @Override
  void look(long now) {
    if (caller() == null && now - openedNanos > settings.introduction().toNanos()) {
      end(End.STRANGER);
    } else if (now - lastSignNanos > 3 * settings.ping().toNanos()) {
      end(End.DEAD);
    } else if (subscription().isNothing()
        && caller() != null
        && now - lastMessageNanos > settings.idle().toNanos()) {
      end(End.IDLE);
    } else if (now - lastPingNanos > settings.ping().toNanos()) {
      keepAlive();
    }
  }

  /** An empty ping of the upkeep: it says nothing about how much was read. */
  private void keepAlive() {
    lastPingNanos = System.nanoTime();
    try {
      session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
    } catch (IOException | IllegalStateException gone) {
      LOG.log(Level.FINE, "closed while it was pinged", gone);
      end(End.GONE);
    }
  }

  @Override
  void shut(End reason) {
    if (reason != End.GONE || session.isOpen()) {
      connections.close(() -> close(reason));
    }
  }

  private void close(End reason) {
    try {
      session.close(
          new CloseReason(CloseReason.CloseCodes.getCloseCode(reason.code()), reason.text()));
    } catch (IOException | IllegalStateException gone) {
      LOG.log(Level.FINE, "closed already", gone);
    }
  }
}
