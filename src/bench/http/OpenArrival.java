import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Sends requests at a stated rate, whether or not earlier ones were answered, and prints their
 * latency from the planned start: a stall counts for every request that fell into it.
 *
 * <p>Arguments: base address, API key, {@code classify} or {@code recommend}, requests per second,
 * seconds; for {@code recommend} also how many users there are (of {@code MadeUpShop}); one request
 * in ten is for a user nobody has seen.
 */
final class OpenArrival {
  private static final String[] WORDS =
      ("cordless drill running shoes usb cable green tea desk lamp wool rug espresso beans yoga mat"
              + " steel bottle cotton shirt leather wallet kids puzzle dog food garden hose led bulb")
          .split(" ");

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newFixedThreadPool(2))
          .build();
  private final Supplier<HttpRequest> requests;
  private final String expected;
  private final int rate;

  private OpenArrival(Supplier<HttpRequest> requests, String expected, int rate) {
    this.requests = requests;
    this.expected = expected;
    this.rate = rate;
  }

  public static void main(String[] args) throws InterruptedException {
    int rate = Integer.parseInt(args[3]);
    int count = rate * Integer.parseInt(args[4]);
    Random random = new Random(count);
    boolean classify = args[2].equals("classify");
    OpenArrival load =
        classify
            ? new OpenArrival(() -> classify(args[0], args[1], random), "\"category\"", rate)
            : new OpenArrival(
                () -> recommend(args[0], args[1], random, Integer.parseInt(args[5])),
                "\"sku\"",
                rate);
    load.send(rate * 10, null, null, new AtomicInteger());
    long[] fromPlanned = new long[count];
    long[] fromSent = new long[count];
    AtomicInteger failed = new AtomicInteger();
    long took = load.send(count, fromPlanned, fromSent, failed);
    Arrays.sort(fromPlanned);
    Arrays.sort(fromSent);
    System.out.printf(
        Locale.ROOT,
        "open arrival of %s: planned %d/s, achieved %.1f/s, n=%d, failed %d%n",
        args[2],
        rate,
        count / (took / 1e9),
        count,
        failed.get());
    print("from the planned start", fromPlanned);
    print("from sending", fromSent);
    System.exit(failed.get() == 0 ? 0 : 1);
  }

  private static HttpRequest classify(String base, String key, Random random) {
    StringBuilder title = new StringBuilder();
    for (int w = 0; w < 7; w++) {
      title.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return HttpRequest.newBuilder(URI.create(base + "/api/v1/classify"))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"title\":\"" + title + random.nextInt(1 << 30) + "\",\"taxonomy\":\"starter\"}"))
        .build();
  }

  private static HttpRequest recommend(String base, String key, Random random, int users) {
    String user =
        random.nextInt(10) == 0 ? "new-" + random.nextInt(1 << 30) : "u" + random.nextInt(users);
    return HttpRequest.newBuilder(URI.create(base + "/api/v1/recommend?limit=10&user=" + user))
        .header("Authorization", "Bearer " + key)
        .build();
  }

  /** Returns how many nanoseconds the sending took. */
  private long send(int count, long[] fromPlanned, long[] fromSent, AtomicInteger failed)
      throws InterruptedException {
    AtomicInteger answered = new AtomicInteger();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long planned = start + i * 1_000_000_000L / rate;
      while (System.nanoTime() < planned) {
        LockSupport.parkNanos(planned - System.nanoTime());
      }
      HttpRequest request = requests.get();
      int number = i;
      long sent = System.nanoTime();
      client
          .sendAsync(request, HttpResponse.BodyHandlers.ofString())
          .whenComplete(
              (answer, failure) -> {
                long now = System.nanoTime();
                if (failure != null
                    || answer.statusCode() != 200
                    || !answer.body().contains(expected)) {
                  failed.incrementAndGet();
                }
                if (fromPlanned != null) {
                  fromPlanned[number] = now - planned;
                  fromSent[number] = now - sent;
                }
                answered.incrementAndGet();
              });
    }
    long took = System.nanoTime() - start;
    long until = System.nanoTime() + 30_000_000_000L;
    while (answered.get() < count && System.nanoTime() < until) {
      Thread.sleep(10);
    }
    failed.addAndGet(count - answered.get());
    return took;
  }

  private static void print(String what, long[] sorted) {
    System.out.printf(
        Locale.ROOT,
        "latency %s: p50 %.2f ms, p95 %.2f ms, p99 %.2f ms, max %.2f ms%n",
        what,
        at(sorted, 0.50),
        at(sorted, 0.95),
        at(sorted, 0.99),
        at(sorted, 1));
  }

  private static double at(long[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
  }
}
