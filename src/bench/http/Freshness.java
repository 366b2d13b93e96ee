import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How soon a change shows in recommendations: a user buys what was recommended first, and it is
 * counted how long after the answer to that it takes until it is recommended no more.
 *
 * <p>Arguments: base address, API key (editor), users of {@code MadeUpShop}, how often.
 */
final class Freshness {
  private static final Pattern SKU = Pattern.compile("\"sku\":\"([^\"]+)\"");
  private static final long PATIENCE = 10_000_000_000L;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final String key;

  private Freshness(String base, String key) {
    this.base = base;
    this.key = key;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Freshness freshness = new Freshness(args[0], args[1]);
    int users = Integer.parseInt(args[2]);
    int count = Integer.parseInt(args[3]);
    Random random = new Random(17);
    long[] took = new long[count];
    int never = 0;
    for (int i = 0; i < count; i++) {
      took[i] = freshness.once("u" + random.nextInt(users));
      never += took[i] >= PATIENCE ? 1 : 0;
    }
    Arrays.sort(took);
    System.out.printf(
        Locale.ROOT,
        "a purchase shows in recommendations after p50 %.1f ms, p95 %.1f ms, max %.1f ms; n=%d, %d not"
            + " within 10 s; the time of one recommendation included%n",
        took[count / 2] / 1e6,
        took[(int) Math.ceil(count * 0.95) - 1] / 1e6,
        took[count - 1] / 1e6,
        count,
        never);
    System.exit(never == 0 ? 0 : 1);
  }

  private long once(String user) throws IOException, InterruptedException {
    Matcher first = SKU.matcher(recommend(user));
    if (!first.find()) {
      throw new IllegalStateException("nothing is recommended to " + user);
    }
    String sku = first.group(1);
    HttpResponse<String> bought =
        client.send(
            request("/api/v1/interactions")
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"user\":\"" + user + "\",\"sku\":\"" + sku + "\",\"kind\":\"purchase\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (bought.statusCode() >= 300) {
      throw new IllegalStateException(bought.statusCode() + ": " + bought.body());
    }
    long start = System.nanoTime();
    while (recommend(user).contains("\"sku\":\"" + sku + "\"")) {
      if (System.nanoTime() - start > PATIENCE) {
        return PATIENCE;
      }
    }
    return System.nanoTime() - start;
  }

  private String recommend(String user) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            request("/api/v1/recommend?limit=10&user=" + user).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer " + key);
  }
}
