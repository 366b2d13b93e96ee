import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures batch classification of a running service with the starter taxonomy: 100 items at once
 * (first byte and whole), batches of 10 000 one after the other, jobs of growing size, and small
 * jobs by the hundred. Every title is new.
 *
 * <p>Arguments: base address, API key, and which of {@code warm small stream jobs tasks} (all where
 * none is named). System property {@code sizes}: items of the jobs, {@code 10000,100000,1000000}.
 */
final class Batch {
  private static final String[] WORDS =
      ("cordless drill running shoes usb cable green tea desk lamp wool rug espresso beans yoga mat"
              + " steel bottle cotton shirt leather wallet kids puzzle dog food garden hose led bulb")
          .split(" ");
  private static final Pattern STATUS = Pattern.compile("\"status\":\"(\\w+)\"");
  private static final Pattern JOB = Pattern.compile("\"job\":\"([^\"]+)\"");

  private final String base;
  private final String key;
  private final Random random = new Random(System.nanoTime());
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Batch(String base, String key) {
    this.base = base;
    this.key = key;
  }

  public static void main(String[] args) throws Exception {
    Batch batch = new Batch(args[0], args[1]);
    String wanted = args.length > 2 ? String.join(" ", Arrays.asList(args).subList(2, args.length))
        : "warm small stream jobs tasks";
    if (wanted.contains("warm")) {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (System.nanoTime() < until) {
        batch.stream(2_000);
      }
    }
    if (wanted.contains("small")) {
      batch.small();
    }
    if (wanted.contains("stream")) {
      batch.streams();
    }
    if (wanted.contains("jobs")) {
      for (String size : System.getProperty("sizes", "10000,100000,1000000").split(",")) {
        batch.job(Integer.parseInt(size));
      }
    }
    if (wanted.contains("tasks")) {
      batch.tasks(Integer.getInteger("tasks", 2_000));
    }
  }

  private void line(StringBuilder out, int number) {
    out.append("{\"ref\":\"").append(number).append("\",\"title\":\"");
    for (int word = 0; word < 7; word++) {
      out.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    out.append(random.nextInt(1_000_000_000)).append("\"}\n");
  }

  private String items(int count) {
    StringBuilder body = new StringBuilder(count * 90);
    for (int i = 0; i < count; i++) {
      line(body, i);
    }
    return body.toString();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/x-ndjson");
  }

  private record Timed(double firstMillis, double wholeMillis, long bytes) {}

  private Timed stream(int items) throws IOException, InterruptedException {
    HttpRequest request =
        request("/api/v1/batch/classify?taxonomy=starter")
            .POST(BodyPublishers.ofString(items(items)))
            .build();
    long began = System.nanoTime();
    HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
    byte[] buffer = new byte[64 * 1024];
    long first = 0;
    long bytes = 0;
    int lines = 0;
    try (InputStream in = answer.body()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        first = first == 0 ? System.nanoTime() : first;
        bytes += count;
        for (int i = 0; i < count; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    long ended = System.nanoTime();
    if (answer.statusCode() != 200 || lines != items) {
      throw new IllegalStateException(answer.statusCode() + ", " + lines + " lines of " + items);
    }
    return new Timed((first - began) / 1e6, (ended - began) / 1e6, bytes);
  }

  private void small() throws IOException, InterruptedException {
    int count = 200;
    double[] first = new double[count];
    double[] whole = new double[count];
    for (int i = 0; i < count; i++) {
      Timed timed = stream(100);
      first[i] = timed.firstMillis();
      whole[i] = timed.wholeMillis();
    }
    Arrays.sort(first);
    Arrays.sort(whole);
    say(
        "100 items, %d times one after the other: first byte p50 %.1f p95 %.1f max %.1f ms;"
            + " whole p50 %.1f p95 %.1f max %.1f ms",
        count,
        first[count / 2],
        first[count * 95 / 100],
        first[count - 1],
        whole[count / 2],
        whole[count * 95 / 100],
        whole[count - 1]);
  }

  private void streams() throws IOException, InterruptedException {
    long began = System.nanoTime();
    int items = 0;
    long bytes = 0;
    double worstFirst = 0;
    while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(30)) {
      Timed timed = stream(10_000);
      items += 10_000;
      bytes += timed.bytes();
      worstFirst = Math.max(worstFirst, timed.firstMillis());
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    say(
        "batches of 10 000, one after the other: %.0f items/min (n = %d in %.1f s, %.1f MB/s of"
            + " answers, slowest first byte %.1f ms)",
        items / seconds * 60, items, seconds, bytes / seconds / 1e6, worstFirst);
  }

  private void job(int items) throws IOException, InterruptedException {
    Path file = Files.createTempFile("items", ".ndjson");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        for (int written = 0; written < items; written += 10_000) {
          out.write(items(Math.min(10_000, items - written)).getBytes(StandardCharsets.UTF_8));
        }
      }
      long began = System.nanoTime();
      String job = submit(BodyPublishers.ofFile(file));
      double received = (System.nanoTime() - began) / 1e9;
      await(job);
      double whole = (System.nanoTime() - began) / 1e9;
      say(
          "job of %d items: received in %.2f s, done after %.2f s: %.0f items/min, %.1f µs an item",
          items, received, whole, items / whole * 60, whole / items * 1e6);
    } finally {
      Files.delete(file);
    }
  }

  private String submit(BodyPublisher body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            request("/api/v1/batch/classify?taxonomy=starter&as=job").POST(body).build(),
            BodyHandlers.ofString());
    Matcher job = JOB.matcher(answer.body());
    if (!job.find()) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return job.group(1);
  }

  private String get(String path) throws IOException, InterruptedException {
    return client.send(request(path).GET().build(), BodyHandlers.ofString()).body();
  }

  private void await(String job) throws IOException, InterruptedException {
    while (true) {
      String answer = get("/api/v1/jobs/" + job);
      Matcher status = STATUS.matcher(answer);
      if (status.find() && !status.group(1).matches("queued|running")) {
        if (!status.group(1).equals("succeeded")) {
          throw new IllegalStateException(answer);
        }
        return;
      }
      Thread.sleep(50);
    }
  }

  /** From the first submission to the end of the last job. */
  private void tasks(int count) throws InterruptedException, IOException {
    AtomicInteger left = new AtomicInteger(count);
    String[] ids = new String[count];
    ExecutorService submitters = Executors.newFixedThreadPool(8);
    long began = System.nanoTime();
    for (int i = 0; i < 8; i++) {
      submitters.submit(
          () -> {
            for (int task = left.decrementAndGet(); task >= 0; task = left.decrementAndGet()) {
              ids[task] = submit(BodyPublishers.ofString(items(1)));
            }
            return null;
          });
    }
    submitters.shutdown();
    submitters.awaitTermination(10, TimeUnit.MINUTES);
    double submitted = (System.nanoTime() - began) / 1e9;
    for (String status : new String[] {"queued", "running"}) {
      while (!get("/api/v1/jobs?limit=1&status=" + status).contains("\"items\":[]")) {
        Thread.sleep(20);
      }
    }
    double ended = (System.nanoTime() - began) / 1e9;
    for (String id : ids) {
      await(id);
    }
    say(
        "%d jobs of one item each, over HTTP: submitted in %.1f s, all done after %.1f s: %.0f a minute",
        count, submitted, ended, count / ended * 60);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
