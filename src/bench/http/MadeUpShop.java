import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Fills a running service with a made-up shop: items in related groups, users with a taste for some
 * of the groups, popularity after Zipf. The same seed gives the same shop.
 *
 * <p>Arguments: base address, API key (editor), items, users, interactions.
 */
final class MadeUpShop {
  private static final int GROUP = 100;
  private static final int LINES = 20_000;
  private static final int AT_ONCE = 16;
  private static final String[] NOUNS = {
    "lamp", "drill", "shoes", "cable", "tea", "rug", "mat", "bottle", "shirt", "wallet", "puzzle",
    "hose", "bulb", "chair", "pen", "jacket", "sauce", "bike", "case", "speaker", "pan", "desk"
  };
  private static final String[] WORDS = {
    "cordless", "green", "wool", "steel", "cotton", "leather", "kids", "garden", "office", "winter",
    "mountain", "blue", "compact", "large", "folding", "organic", "classic", "modern", "light", "red"
  };
  private static final String[] KINDS = {"view", "view", "view", "view", "cart", "purchase"};

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ArrayDeque<CompletableFuture<HttpResponse<String>>> open = new ArrayDeque<>();
  private final String base;
  private final String key;

  private MadeUpShop(String base, String key) {
    this.base = base;
    this.key = key;
  }

  public static void main(String[] args) {
    MadeUpShop shop = new MadeUpShop(args[0], args[1]);
    int items = Integer.parseInt(args[2]);
    long start = System.nanoTime();
    shop.items(items);
    tell("items", items, start);
    start = System.nanoTime();
    int interactions = Integer.parseInt(args[4]);
    shop.interactions(items, Integer.parseInt(args[3]), interactions);
    tell("interactions", interactions, start);
  }

  private static void tell(String what, int count, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT, "%d %s in %.1f s, %.0f/s%n", count, what, seconds, count / seconds);
  }

  private void items(int count) {
    for (int i = 0; i < count; i++) {
      Random random = new Random(i);
      int group = i / GROUP;
      String body =
          String.format(
              "{\"title\":\"%s %s %s %d\",\"brand\":\"Maker %d\"}",
              WORDS[random.nextInt(WORDS.length)],
              WORDS[group % WORDS.length],
              NOUNS[group % NOUNS.length],
              i,
              group % 300);
      send(
          HttpRequest.newBuilder(URI.create(base + "/api/v1/items/m" + i))
              .header("Content-Type", "application/json")
              .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }
    settle(0);
  }

  private void interactions(int items, int users, int count) {
    Random random = new Random(items);
    long now = Instant.now().getEpochSecond();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int user = random.nextInt(users);
      int groups = Math.max(1, items / GROUP);
      // Three groups a user likes; within a group the first items are the popular ones.
      int group = Math.floorMod((user * 31 + random.nextInt(3)) * 7919, groups);
      int rank = (int) (Math.pow(GROUP, random.nextDouble()) - 1);
      int item = Math.min(items - 1, group * GROUP + rank);
      lines.append(
          String.format(
              "{\"id\":\"s%d\",\"user\":\"u%d\",\"sku\":\"m%d\",\"kind\":\"%s\",\"at\":\"%s\"}%n",
              i,
              user,
              item,
              KINDS[random.nextInt(KINDS.length)],
              Instant.ofEpochSecond(now - 60 - (count - i) / 10)));
      if (i % LINES == LINES - 1 || i == count - 1) {
        send(
            HttpRequest.newBuilder(URI.create(base + "/api/v1/interactions"))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines.toString())));
        settle(1);
        lines.setLength(0);
      }
    }
    settle(0);
  }

  private void send(HttpRequest.Builder request) {
    open.add(
        client.sendAsync(
            request.header("Authorization", "Bearer " + key).build(),
            HttpResponse.BodyHandlers.ofString()));
    settle(AT_ONCE);
  }

  /** Waits until at most so many are unanswered. */
  private void settle(int most) {
    while (open.size() > most) {
      HttpResponse<String> answer = open.remove().join();
      if (answer.statusCode() >= 300 && answer.statusCode() != 428) {
        throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
      }
    }
  }
}
