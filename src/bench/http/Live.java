import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Measures the live feed of a service on this machine: connecting, messages, events, held
 * connections, streams. Latencies count from the planned moment, so a stall counts for all that
 * fell into it.
 *
 * <p>Arguments: base address, API key of an administrator, taxonomy to classify into, number of the
 * service's process (for its heap; needs jcmd; 0 to leave that out), and any of {@code connect
 * latency single events items stream idle}, or none for all.
 */
final class Live {
  private static final int CLIENTS = 4;
  private static final String[] WORDS =
      "cordless drill running shoes usb cable green tea desk lamp wool rug espresso beans".split(" ");

  private final String base;
  private final String admin;
  private final String taxonomy;
  private final long process;
  private final List<String> keys = new ArrayList<>();
  private final List<String> clients = new ArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(threads).build();

  private Live(String[] args) {
    base = args[0];
    admin = args[1];
    taxonomy = args[2];
    process = Long.parseLong(args[3]);
  }

  public static void main(String[] args) throws Exception {
    Live live = new Live(args);
    List<String> wanted =
        args.length > 4
            ? Arrays.asList(args).subList(4, args.length)
            : List.of("connect", "latency", "single", "events", "items", "stream", "idle");
    System.out.println("machine: " + machine() + ", load before " + load());
    live.register();
    live.awaitModel();
    try {
      for (String what : wanted) {
        switch (what) {
          case "connect" -> live.connect(1000, 500, 50);
          case "latency" -> live.latency(1000, 1000, 15);
          case "single" -> live.single(5000, 15);
          case "events" -> live.events(5000, 15);
          case "items" -> live.items(100, 10);
          case "stream" -> live.stream(200);
          case "idle" -> live.idle(5000);
          default -> throw new IllegalArgumentException("what is " + what + "?");
        }
      }
      System.out.println("load after " + load());
    } catch (Exception failure) {
      // Ending ends the process, so nobody else would tell.
      failure.printStackTrace();
      live.end(1);
    }
    live.end(0);
  }

  private static String machine() throws IOException {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.replaceFirst("^[^:]*: *", ""))
            .findFirst()
            .orElse("unknown processor");
    return Runtime.getRuntime().availableProcessors()
        + " cores, "
        + model
        + ", Java "
        + Runtime.version().feature();
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }

  /** A service that has just begun still trains its first model. */
  private void awaitModel() throws Exception {
    int status = 0;
    for (int i = 0; i < 120 && status != 200; i++) {
      status =
          http.send(
                  request("/api/v1/classify", admin)
                      .header("Content-Type", "application/json")
                      .POST(
                          BodyPublishers.ofString(
                              "{\"taxonomy\":\"" + taxonomy + "\",\"title\":\"desk lamp\"}"))
                      .build(),
                  BodyHandlers.discarding())
              .statusCode();
      if (status != 200) {
        Thread.sleep(1000);
      }
    }
    if (status != 200) {
      throw new IOException("classify answers " + status + "; is there a model of " + taxonomy + "?");
    }
  }

  private static final class Socket implements WebSocket.Listener, AutoCloseable {
    final CompletableFuture<Long> greeted = new CompletableFuture<>();
    final Semaphore sending = new Semaphore(1);
    private final StringBuilder partial = new StringBuilder();
    private final Consumer<String> heard;
    volatile WebSocket socket;
    volatile String closed;

    Socket(Consumer<String> heard) {
      this.heard = heard;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        String text = partial.toString();
        partial.setLength(0);
        if (!greeted.isDone()) {
          greeted.complete(System.nanoTime());
        } else {
          heard.accept(text);
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed = code + " " + reason;
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closed = failure.toString();
    }

    void send(String text) {
      sending.acquireUninterruptibly();
      socket.sendText(text, true).whenComplete((done, failed) -> sending.release());
    }

    @Override
    public void close() {
      socket.abort();
    }
  }

  private Socket open(int number, Consumer<String> heard) throws Exception {
    Socket socket = new Socket(heard);
    socket.socket =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + keys.get(number % keys.size()))
            .buildAsync(URI.create(base.replaceFirst("^http", "ws") + "/api/v1/live"), socket)
            .get(30, TimeUnit.SECONDS);
    socket.greeted.get(30, TimeUnit.SECONDS);
    return socket;
  }

  private List<Socket> openMany(int count, Consumer<String> heard) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(open(i, heard));
    }
    return sockets;
  }

  /** Time until the greeting while so many are open already. */
  private void connect(int open, int more, int perSecond) throws Exception {
    List<Socket> held = openMany(open, text -> {});
    long[] took = new long[more];
    AtomicInteger failed = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(more);
    long began = System.nanoTime();
    for (int i = 0; i < more; i++) {
      long planned = began + i * 1_000_000_000L / perSecond;
      waitFor(planned);
      int number = i;
      Socket socket = new Socket(text -> {});
      http.newWebSocketBuilder()
          .header("Authorization", "Bearer " + keys.get(i % keys.size()))
          .buildAsync(URI.create(base.replaceFirst("^http", "ws") + "/api/v1/live"), socket)
          .thenCombine(
              socket.greeted,
              (made, at) -> {
                took[number] = at - planned;
                made.abort();
                return null;
              })
          .whenComplete(
              (made, failure) -> {
                if (failure != null) {
                  failed.incrementAndGet();
                }
                done.countDown();
              });
    }
    done.await(60, TimeUnit.SECONDS);
    print("connect, " + open + " open, " + perSecond + "/s, failed " + failed, took);
    held.forEach(Socket::close);
  }

  /** Round trips of classify over many connections. */
  private void latency(int connections, int perSecond, int seconds) throws Exception {
    int count = perSecond * seconds;
    Round round = new Round(count);
    List<Socket> sockets = openMany(connections, round::answered);
    round.run(sockets, perSecond * 5, perSecond, this::classify);
    round.clear();
    double rate = round.run(sockets, count, perSecond, this::classify);
    print(
        String.format(
            Locale.ROOT,
            "classify over %d connections, planned %d/s, achieved %.0f/s, unanswered %d",
            connections, perSecond, rate, round.unanswered(count)),
        round.took(count));
    sockets.forEach(Socket::close);
  }

  /** Round trips of classify over one connection. */
  private void single(int perSecond, int seconds) throws Exception {
    int count = perSecond * seconds;
    Round round = new Round(count);
    try (Socket socket = open(0, round::answered)) {
      round.run(List.of(socket), perSecond * 5, perSecond, this::classify);
      round.clear();
      double rate = round.run(List.of(socket), count, perSecond, this::classify);
      print(
          String.format(
              Locale.ROOT,
              "classify over one connection, planned %d/s, achieved %.0f/s, unanswered %d%s",
              perSecond, rate, round.unanswered(count),
              socket.closed == null ? "" : ", CLOSED " + socket.closed),
          round.took(count));
    }
  }

  /** From asking to classify until another connection is told of the decision. */
  private void events(int perSecond, int seconds) throws Exception {
    int count = perSecond * seconds;
    Round seen = new Round(count);
    try (Socket listener = open(0, text -> seen.mentioned(text, "\"sku\":\"n"))) {
      listener.send("{\"type\":\"subscribe\",\"topics\":{\"decisions\":{}}}");
      List<Socket> askers = openMany(4, text -> {});
      Thread.sleep(2000);
      seen.run(askers, perSecond * 5, perSecond, this::classify);
      seen.clear();
      double rate = seen.run(askers, count, perSecond, this::classify);
      print(
          String.format(
              Locale.ROOT,
              "decision until it is told elsewhere, planned %d/s, achieved %.0f/s, not told %d%s",
              perSecond, rate, seen.unanswered(count),
              listener.closed == null ? "" : ", CLOSED " + listener.closed),
          seen.took(count));
      askers.forEach(Socket::close);
    }
  }

  /** From asking to change an item until another connection is told of it. */
  private void items(int perSecond, int seconds) throws Exception {
    int count = perSecond * seconds;
    String prefix = "live-" + System.nanoTime() + "-";
    Round seen = new Round(count);
    try (Socket listener = open(0, text -> seen.mentioned(text, "\"key\":\"" + prefix))) {
      listener.send(
          "{\"type\":\"subscribe\",\"topics\":{\"items\":{\"prefix\":\"" + prefix + "\"}}}");
      Thread.sleep(500);
      long began = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long planned = began + i * 1_000_000_000L / perSecond;
        waitFor(planned);
        seen.planned.set(i, planned);
        http.sendAsync(
            request("/api/v1/items/" + prefix + i, admin)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"title\":\"" + title(i) + "\"}"))
                .build(),
            BodyHandlers.discarding());
      }
      seen.await(count);
      print(
          "item changed until it is told, " + perSecond + "/s, not told " + seen.unanswered(count),
          seen.took(count));
    }
  }

  /** First byte of a stream. */
  private void stream(int count) throws Exception {
    long[] took = new long[count];
    for (int i = 0; i < count; i++) {
      long began = System.nanoTime();
      try (InputStream body =
          http.send(
                  request("/api/v1/live/events?topics=items", keys.get(i % keys.size())).build(),
                  BodyHandlers.ofInputStream())
              .body()) {
        if (body.read() < 0) {
          throw new IOException("an empty stream");
        }
        took[i] = System.nanoTime() - began;
      }
    }
    print("first byte of a stream, one after the other", took);
  }

  /** What held connections cost. */
  private void idle(int count) throws Exception {
    long before = heap();
    List<Socket> sockets = new ArrayList<>();
    try {
      sockets.addAll(openMany(count, text -> {}));
      sockets.forEach(
          socket -> socket.send("{\"type\":\"subscribe\",\"topics\":{\"jobs\":{}}}"));
      Thread.sleep(25_000);
      Map<String, Long> closed =
          sockets.stream()
              .filter(socket -> socket.closed != null)
              .collect(Collectors.groupingBy(socket -> socket.closed, Collectors.counting()));
      System.out.printf(
          Locale.ROOT,
          "held %d connections, closed %s; heap in use %.1f MB more (%.1f before)%n",
          count, closed, (heap() - before) / 1e6, before / 1e6);
    } finally {
      sockets.forEach(Socket::close);
    }
  }

  private long heap() throws IOException, InterruptedException {
    if (process == 0) {
      return 0;
    }
    Process histogram =
        new ProcessBuilder("jcmd", Long.toString(process), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String[] lines =
        new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n");
    histogram.waitFor();
    return Long.parseLong(lines[lines.length - 1].strip().split("\\s+")[2]);
  }

  private String classify(int number) {
    return "{\"type\":\"classify\",\"ref\":\""
        + number
        + "\",\"body\":{\"taxonomy\":\""
        + taxonomy
        + "\",\"sku\":\"n"
        + number
        + "\",\"title\":\""
        + title(number)
        + "\"}}";
  }

  private static String title(int number) {
    return WORDS[number % WORDS.length] + " " + WORDS[(number / 7) % WORDS.length] + " " + number;
  }

  /** When each of many was planned, and when it came back. */
  private static final class Round {
    final AtomicLongArray planned;
    final AtomicLongArray came;

    Round(int count) {
      planned = new AtomicLongArray(Math.max(count, 100_000));
      came = new AtomicLongArray(Math.max(count, 100_000));
    }

    interface Text {
      String of(int number);
    }

    double run(List<Socket> sockets, int count, int perSecond, Text text)
        throws InterruptedException {
      long began = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = began + i * 1_000_000_000L / perSecond;
        waitFor(due);
        planned.set(i, due);
        sockets.get(i % sockets.size()).send(text.of(i));
      }
      double rate = count / ((System.nanoTime() - began) / 1e9);
      await(count);
      return rate;
    }

    void await(int count) throws InterruptedException {
      for (int i = 0; i < 100 && unanswered(count) > 0; i++) {
        Thread.sleep(100);
      }
    }

    void clear() {
      for (int i = 0; i < came.length(); i++) {
        came.set(i, 0);
      }
    }

    void answered(String text) {
      if (text.startsWith("{\"type\":\"answer\"")) {
        mentioned(text, "\"ref\":\"");
      }
    }

    /** Every number that follows the mark has come now. */
    void mentioned(String text, String mark) {
      long now = System.nanoTime();
      for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at)) {
        at += mark.length();
        int number = 0;
        while (Character.isDigit(text.charAt(at))) {
          number = number * 10 + text.charAt(at++) - '0';
        }
        came.set(number, now);
      }
    }

    int unanswered(int count) {
      int missing = 0;
      for (int i = 0; i < count; i++) {
        if (came.get(i) == 0) {
          missing++;
        }
      }
      return missing;
    }

    /** Of those that have come by now; others may come meanwhile. */
    long[] took(int count) {
      long[] took = new long[count];
      int next = 0;
      for (int i = 0; i < count; i++) {
        long at = came.get(i);
        if (at != 0) {
          took[next++] = at - planned.get(i);
        }
      }
      return Arrays.copyOf(took, next);
    }
  }

  private HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer " + key);
  }

  private void register() throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      String made =
          http.send(
                  request("/api/v1/clients", admin)
                      .header("Content-Type", "application/json")
                      .POST(BodyPublishers.ofString("{\"name\":\"measuring\",\"role\":\"reader\"}"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      keys.add(made.replaceFirst("(?s).*\"key\":\"([^\"]+)\".*", "$1"));
      clients.add(made.replaceFirst("(?s).*?\"id\":\"([^\"]+)\".*", "$1"));
    }
  }

  private void end(int status) throws Exception {
    for (String client : clients) {
      http.send(request("/api/v1/clients/" + client, admin).DELETE().build(), BodyHandlers.discarding());
    }
    threads.shutdownNow();
    System.exit(status);
  }

  private static void waitFor(long nanoTime) {
    long left;
    while ((left = nanoTime - System.nanoTime()) > 0) {
      LockSupport.parkNanos(left);
    }
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    if (nanos.length == 0) {
      System.out.println(what + ": nothing came");
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%s: p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, max %.1f ms (n=%d)%n",
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[(int) (nanos.length * 0.95)] / 1e6,
        nanos[(int) (nanos.length * 0.99)] / 1e6,
        nanos[nanos.length - 1] / 1e6,
        nanos.length);
  }
}
