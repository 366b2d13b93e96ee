package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kailash.certification.load.HttpTarget.Reply;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Puts the first items of the generated catalog into a deployment, with users who saw and bought
 * them, trains the recommender, and waits until the derived stores have all of it. What is there
 * already stays as it is.
 */
final class Seeder {

  static final int CONNECTIONS = 16;
  private static final int INTERACTIONS_PER_ITEM = 20;
  private static final int LINES = 10_000;
  private static final long POLL_MILLIS = 100;
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String[] KINDS = {"view", "view", "view", "view", "cart", "purchase"};

  private final HttpTarget target;
  private final GeneratedCatalog catalog;
  private final int items;
  private final Clock clock;
  private final Consumer<String> say;

  Seeder(
      HttpTarget target, GeneratedCatalog catalog, int items, Clock clock, Consumer<String> say) {
    this.target = target;
    this.catalog = catalog;
    this.items = items;
    this.clock = clock;
    this.say = say;
  }

  void seed() throws IOException, InterruptedException {
    String lastUser = GeneratedCatalog.user(HttpOperation.Truth.usersFor(items) - 1);
    boolean thereAlready =
        status("/api/v1/items/" + GeneratedCatalog.sku(items - 1)) == 200
            && target.get("/api/v1/interactions?limit=1&user=" + lastUser).path("items").size() > 0;
    if (thereAlready) {
      say.accept("the deployment holds the catalog of " + items + " items already");
    } else {
      long began = System.nanoTime();
      putItems();
      say.accept(told(items, "items", began));
      began = System.nanoTime();
      addInteractions();
      say.accept(told(items * INTERACTIONS_PER_ITEM, "interactions", began));
      train();
    }
    settle();
  }

  private static String told(int count, String what, long began) {
    double seconds = (System.nanoTime() - began) / 1e9;
    return String.format(
        Locale.ROOT, "%d %s in %.1f s, %.0f/s", count, what, seconds, count / seconds);
  }

  private int status(String path) throws IOException {
    return target.send(target.request("GET", path, 30)).status();
  }

  /** As files: one by one they would take longer than what is measured of a short run. */
  private void putItems() throws IOException, InterruptedException {
    for (int from = 0; from < items; from += LINES) {
      StringBuilder lines = new StringBuilder();
      for (int i = from; i < Math.min(items, from + LINES); i++) {
        lines.append(LoadOrder.json().writeValueAsString(draft(i))).append('\n');
      }
      long began = System.nanoTime();
      Reply reply =
          target.send(
              target.request(
                  "POST",
                  "/api/v1/uploads?kind=items&format=ndjson",
                  300,
                  "application/x-ndjson",
                  lines.toString().getBytes(UTF_8)));
      if (reply.status() != 202) {
        throw refused("items", reply);
      }
      JsonNode job = ended(reply, began, "the upload of items");
      if (job.path("result").path("rejected").asLong() != 0) {
        throw new IOException("items were left out of the upload: " + job);
      }
    }
  }

  private ObjectNode draft(int number) {
    GeneratedCatalog.Item item = catalog.item(number);
    ObjectNode draft = LoadOrder.json().createObjectNode();
    draft.put("sku", item.sku()).put("title", item.title()).put("brand", item.brand());
    draft.put("hidden", item.hidden());
    if (!item.description().isEmpty()) {
      draft.put("description", item.description());
    }
    return draft;
  }

  private void addInteractions() throws IOException, InterruptedException {
    int count = items * INTERACTIONS_PER_ITEM;
    int users = HttpOperation.Truth.usersFor(items);
    long newest = clock.instant().getEpochSecond() - 60;
    Zipf popular = new Zipf(items, 0.8);
    SplittableRandom random = new SplittableRandom(items);
    List<String> bodies = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int user = i % users;
      // A user goes back to what lies near the first item of theirs.
      int item =
          random.nextInt(3) == 0
              ? popular.draw(random)
              : Math.floorMod(user * 7919 + random.nextInt(20), items);
      lines.append(
          String.format(
              Locale.ROOT,
              "{\"id\":\"load-%d\",\"user\":\"%s\",\"sku\":\"%s\",\"kind\":\"%s\",\"at\":\"%s\"}%n",
              i,
              GeneratedCatalog.user(user),
              GeneratedCatalog.sku(item),
              KINDS[random.nextInt(KINDS.length)],
              Instant.ofEpochSecond(newest - (count - i) / 10)));
      if (i % LINES == LINES - 1 || i == count - 1) {
        bodies.add(lines.toString());
        lines.setLength(0);
      }
    }
    for (String body : bodies) {
      Reply reply =
          target.send(
              target.request(
                  "POST",
                  "/api/v1/interactions",
                  300,
                  "application/x-ndjson",
                  body.getBytes(UTF_8)));
      if (reply.status() != 200) {
        throw refused("interactions", reply);
      }
    }
  }

  private void train() throws IOException, InterruptedException {
    long began = System.nanoTime();
    Reply reply =
        target.send(
            target.request(
                "POST",
                "/api/v1/recommender-models",
                30,
                "application/json",
                "{}".getBytes(UTF_8)));
    if (reply.status() != 202) {
      throw refused("training", reply);
    }
    ended(reply, began, "the training of the recommender");
    say.accept(
        String.format(
            Locale.ROOT, "recommender trained in %.1f s", (System.nanoTime() - began) / 1e9));
  }

  /** The job that an answer names, when it has succeeded. */
  private JsonNode ended(Reply accepted, long began, String what)
      throws IOException, InterruptedException {
    String id = target.read(accepted.body()).path("job").asText();
    while (true) {
      JsonNode job = target.get("/api/v1/jobs/" + id);
      String status = job.path("status").asText();
      if (status.equals("succeeded")) {
        return job;
      }
      if (!status.equals("queued") && !status.equals("running")) {
        throw new IOException(what + " ended as " + status);
      }
      pause(began, what);
    }
  }

  /** Until the derived stores have all of it: load on top of catching up would measure both. */
  private void settle() throws IOException, InterruptedException {
    long began = System.nanoTime();
    long pending = pending();
    if (pending > 0) {
      say.accept("the derived stores take over " + pending + " changes");
    }
    while (pending > 0) {
      pause(began, "the derived stores");
      pending = pending();
    }
  }

  private long pending() throws IOException {
    long pending = 0;
    for (JsonNode one : target.get("/api/v1/operations/projections").path("targets")) {
      pending += one.path("pending").asLong();
    }
    return pending;
  }

  private static void pause(long began, String what) throws IOException, InterruptedException {
    if (System.nanoTime() - began > LIMIT.toNanos()) {
      throw new IOException(what + " took longer than " + LIMIT.toMinutes() + " minutes");
    }
    Thread.sleep(POLL_MILLIS);
  }

  private static IOException refused(String what, Reply reply) {
    return new IOException(
        what
            + " was answered with "
            + reply.status()
            + ": "
            + new String(reply.body(), 0, Math.min(500, reply.body().length), UTF_8));
  }
}
