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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/**
 * Puts the first items of the generated catalog into a deployment, with users who saw and bought
 * them, trains the recommender, and waits until the derived stores have all of it. What is there
 * already stays as it is.
 */
final class Seeder {

  static final int CONNECTIONS = 16;
  private static final int INTERACTIONS_PER_ITEM = 20;
  private static final int LINES = 10_000;
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

  private void putItems() throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    inParallel(
        () -> {
          for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
            putItem(i);
          }
          return null;
        });
  }

  private void putItem(int number) throws IOException {
    GeneratedCatalog.Item item = catalog.item(number);
    ObjectNode draft = LoadOrder.json().createObjectNode();
    draft.put("title", item.title()).put("brand", item.brand()).put("hidden", item.hidden());
    if (!item.description().isEmpty()) {
      draft.put("description", item.description());
    }
    HttpUriRequestBase request =
        target.request(
            "PUT", "/api/v1/items/" + item.sku(), 30, "application/json", target.write(draft));
    request.setHeader("If-None-Match", "*");
    Reply reply = target.send(request);
    // 412: it is there already.
    if (reply.status() != 201 && reply.status() != 412) {
      throw refused("item " + item.sku(), reply);
    }
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
    String job = target.read(reply.body()).path("job").asText();
    while (true) {
      String status = target.get("/api/v1/jobs/" + job).path("status").asText();
      if (status.equals("succeeded")) {
        say.accept(
            String.format(
                Locale.ROOT, "recommender trained in %.1f s", (System.nanoTime() - began) / 1e9));
        return;
      }
      if (!status.equals("queued") && !status.equals("running")) {
        throw new IOException("the training of the recommender ended as " + status);
      }
      pause(began, "the training of the recommender");
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
    Thread.sleep(500);
  }

  private static IOException refused(String what, Reply reply) {
    return new IOException(
        what
            + " was answered with "
            + reply.status()
            + ": "
            + new String(reply.body(), 0, Math.min(500, reply.body().length), UTF_8));
  }

  private static void inParallel(Callable<Void> work) throws IOException, InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        all.add(executor.submit(work));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }
}
