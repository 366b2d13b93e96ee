package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.certification.load.HttpOperation.Truth;
import io.kailash.certification.load.HttpTarget.Reply;
import java.io.IOException;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/**
 * What happens, until it has arrived: an event of a user until it is taken in for good; a change of
 * an item from its sending until a listener hears of it, and until every derived store has it. A
 * store has a change when the oldest one that it still lacks is younger.
 */
final class UpdateOperation {

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long POLL_MILLIS = 20;

  private final HttpTarget target;
  private final Truth truth;
  private final AtomicLong number = new AtomicLong();
  private final String run;
  private final ConcurrentHashMap<String, Long> heard = new ConcurrentHashMap<>();
  private LiveOperation listener;
  private Seen latest;

  /** What the projections said of themselves, and when they were asked. */
  private record Seen(long askedNanos, JsonNode targets) {}

  private UpdateOperation(HttpTarget target, Truth truth, String run) {
    this.target = target;
    this.truth = truth;
    this.run = run;
  }

  static UpdateOperation of(HttpTarget target, Truth truth, LoadOrder order) throws Exception {
    UpdateOperation updates =
        new UpdateOperation(target, truth, Long.toString(System.nanoTime(), 36));
    if (order.operations().containsKey("update.notification")) {
      updates.listener = LiveOperation.listening(target, truth, updates::hear);
    }
    return updates;
  }

  static boolean isOneOfThem(String name) {
    return name.startsWith("update.");
  }

  Operation make(String name) throws IOException {
    return switch (name) {
      case "update.event" -> this::event;
      case "update.notification" -> this::notification;
      case "update.propagation" -> this::propagation;
      default -> throw new IOException("operation '" + name + "' is not known");
    };
  }

  private void hear(JsonNode event) {
    heard.merge(event.path("key").asText(), event.path("data").path("version").asLong(), Math::max);
    synchronized (heard) {
      heard.notifyAll();
    }
  }

  private Operation.Request event(SplittableRandom random) {
    String body =
        String.format(
            Locale.ROOT,
            "{\"id\":\"load-%s-%d\",\"user\":\"%s\",\"sku\":\"%s\",\"kind\":\"view\"}",
            run,
            number.getAndIncrement(),
            GeneratedCatalog.user(random.nextInt(Truth.usersFor(truth.items()))),
            truth.heldSku(random));
    return () -> {
      Reply reply =
          target.send(
              target.request(
                  "POST", "/api/v1/interactions", 5, "application/json", body.getBytes(UTF_8)));
      return TransferOperation.wrong(
          reply,
          reply.status() != 200
              ? "status " + reply.status()
              : target.read(reply.body()).path("added").asInt() == 1
                  ? null
                  : "the event was not added");
    };
  }

  /** Changes an item and gives its new version. */
  private long change(String sku) throws IOException {
    HttpUriRequestBase request =
        target.request(
            "PATCH",
            "/api/v1/items/" + sku,
            5,
            "application/merge-patch+json",
            ("{\"attributes\":{\"load\":" + number.getAndIncrement() + "}}").getBytes(UTF_8));
    request.setHeader("If-Match", "*");
    Reply reply = target.send(request);
    if (reply.status() != 200) {
      throw new IOException("a change is answered with " + reply.status());
    }
    return target.read(reply.body()).path("version").asLong();
  }

  private Operation.Request notification(SplittableRandom random) {
    String sku = truth.heldSku(random);
    return () -> {
      long until = System.nanoTime() + LIMIT_NANOS;
      long version = change(sku);
      synchronized (heard) {
        while (heard.getOrDefault(sku, 0L) < version) {
          long left = until - System.nanoTime();
          if (left <= 0) {
            return Operation.Looked.at(false, "nobody heard of the change");
          }
          heard.wait(Math.max(1, left / 1_000_000));
        }
      }
      return Operation.Looked.at(true, null);
    };
  }

  private Operation.Request propagation(SplittableRandom random) {
    String sku = truth.heldSku(random);
    return () -> {
      long until = System.nanoTime() + LIMIT_NANOS;
      change(sku);
      long changed = System.nanoTime();
      while (true) {
        if (haveAllSince(changed)) {
          return Operation.Looked.at(true, null);
        }
        if (System.nanoTime() > until) {
          return Operation.Looked.at(false, "a derived store does not get the change");
        }
        Thread.sleep(POLL_MILLIS);
      }
    };
  }

  private boolean haveAllSince(long changed) throws IOException {
    Seen seen = seen(Math.max(changed, System.nanoTime() - POLL_MILLIS * 1_000_000));
    boolean everywhere = !seen.targets().isEmpty();
    for (JsonNode one : seen.targets()) {
      everywhere &=
          one.path("pending").asLong() == 0
              || one.path("lag_seconds").asDouble() * 1e9 < seen.askedNanos() - changed;
    }
    return everywhere;
  }

  /** All who wait share what is asked: many of them must not be a load of their own. */
  private synchronized Seen seen(long notBefore) throws IOException {
    if (latest == null || latest.askedNanos() < notBefore) {
      long asked = System.nanoTime();
      latest = new Seen(asked, target.get("/api/v1/operations/projections").path("targets"));
    }
    return latest;
  }

  void close() {
    if (listener != null) {
      listener.close();
    }
  }
}
