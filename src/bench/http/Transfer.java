import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Uploads made-up items to a running service and exports them again, and says how long that took
 * and how large the service's heap was meanwhile. The same arguments give the same file.
 *
 * <p>Arguments: base address, API key (editor), then one of
 *
 * <ul>
 *   <li>{@code upload PREFIX ROWS WORDS}: rows with so many words of description
 *   <li>{@code export FORMAT}: all items
 * </ul>
 */
final class Transfer {
  private static final Duration LONGEST = Duration.ofMinutes(60);
  private static final int VOCABULARY = 20_000;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final String key;
  private volatile boolean over;
  private volatile long highestHeap;

  private Transfer(String base, String key) {
    this.base = base;
    this.key = key;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Transfer transfer = new Transfer(args[0], args[1]);
    Thread watch = new Thread(transfer::watchHeap);
    watch.setDaemon(true);
    watch.start();
    if (args[2].equals("upload")) {
      transfer.upload(args[3], Integer.parseInt(args[4]), Integer.parseInt(args[5]));
    } else {
      transfer.export(args[3]);
    }
    transfer.over = true;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(LONGEST)
        .header("Authorization", "Bearer " + key);
  }

  private void upload(String prefix, int rows, int words) throws IOException, InterruptedException {
    MadeUpItems file = new MadeUpItems(prefix, rows, words);
    long began = System.nanoTime();
    HttpResponse<String> accepted =
        client.send(
            request("/api/v1/uploads?kind=items")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofInputStream(() -> file))
                .build(),
            BodyHandlers.ofString());
    if (accepted.statusCode() != 202) {
      throw new IOException("void: " + accepted.statusCode() + " " + accepted.body());
    }
    double received = seconds(began);
    String job = text(accepted.body(), "job");
    String state = "";
    while (!state.contains("\"status\":\"succeeded\"")) {
      Thread.sleep(50);
      state = get("/api/v1/jobs/" + job);
      if (Pattern.compile("\"status\":\"(failed|dead|cancelled)\"").matcher(state).find()
          || seconds(began) > LONGEST.toSeconds()) {
        throw new IOException("void: " + state);
      }
    }
    double total = seconds(began);
    long written = number(state, "written");
    if (written + number(state, "unchanged") != rows || number(state, "rejected") != 0) {
      throw new IOException("void: not all of the " + rows + " rows came in: " + state);
    }
    System.out.printf(
        Locale.ROOT,
        "upload: %d items, %.1f MB; received in %.1f s, loaded after %.1f s: %.2f GB/min, %.0f"
            + " µs/item, %d written, %d unchanged; highest heap %d MB%n",
        rows,
        file.bytes() / 1e6,
        received,
        total,
        file.bytes() / 1e9 / total * 60,
        total / rows * 1e6,
        written,
        number(state, "unchanged"),
        highestHeap >> 20);
    awaitWords(began);
  }

  /** The words of a large file are gathered once it is loaded. */
  private void awaitWords(long began) throws IOException, InterruptedException {
    Pattern due = Pattern.compile("kailash_catalog_words_due(?:\\{[^}]*})? ([0-9.E+]+)");
    double left = 1;
    while (left > 0 && seconds(began) < LONGEST.toSeconds()) {
      Thread.sleep(100);
      Matcher found = due.matcher(get("/metrics"));
      left = found.find() ? Double.parseDouble(found.group(1)) : 0;
    }
    System.out.printf(Locale.ROOT, "  found by their words after %.1f s%n", seconds(began));
  }

  private void export(String format) throws IOException, InterruptedException {
    long began = System.nanoTime();
    HttpResponse<InputStream> answer =
        client.send(
            request("/api/v1/exports/items?format=" + format).GET().build(),
            BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new IOException("void: " + answer.statusCode());
    }
    long bytes = 0;
    double first = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = answer.body()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        first = bytes == 0 ? seconds(began) : first;
        bytes += read;
      }
    }
    double total = seconds(began);
    System.out.printf(
        Locale.ROOT,
        "export as %s: %.1f MB in %.1f s (first byte after %.2f s): %.0f GB/hour; highest heap %d"
            + " MB%n",
        format,
        bytes / 1e6,
        total,
        first,
        bytes / 1e9 / total * 3600,
        highestHeap >> 20);
  }

  private void watchHeap() {
    Pattern used =
        Pattern.compile(
            "base_memory_usedHeap_bytes(?:\\{[^}]*})?"
                + " ([0-9.E+]+)|memory_usedHeap_bytes(?:\\{[^}]*})? ([0-9.E+]+)");
    while (!over) {
      try {
        Matcher found = used.matcher(get("/metrics"));
        if (found.find()) {
          String value = found.group(1) == null ? found.group(2) : found.group(1);
          highestHeap = Math.max(highestHeap, (long) Double.parseDouble(value));
        }
        Thread.sleep(1000);
      } catch (IOException | InterruptedException ended) {
        return;
      }
    }
  }

  private String get(String path) throws IOException, InterruptedException {
    return client.send(request(path).GET().build(), BodyHandlers.ofString()).body();
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static String text(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    return found.find() ? found.group(1) : "";
  }

  private static long number(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":([0-9]+)").matcher(json);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  /** CSV that is made while it is read, at little cost; words after Zipf. */
  private static final class MadeUpItems extends InputStream {
    private static final int DRAWN = 1 << 16;
    private static final byte[] BRAND = ",Brand ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] QUOTE = ",\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UNQUOTE = "\",".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] URL =
        ",https://shop.example/p/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = ",true\n".getBytes(StandardCharsets.US_ASCII);

    private final byte[][] drawn = new byte[DRAWN][];
    private final byte[] prefix;
    private final int rows;
    private final int perRow;
    private long state = 7;
    private byte[] line = new byte[1 << 16];
    private int end;
    private int next;
    private int row;
    private long bytes;

    MadeUpItems(String prefix, int rows, int perRow) {
      this.prefix = (prefix + "-").getBytes(StandardCharsets.US_ASCII);
      this.rows = rows;
      this.perRow = perRow;
      Random random = new Random(7);
      byte[][] words = new byte[VOCABULARY][];
      for (int i = 0; i < VOCABULARY; i++) {
        StringBuilder word = new StringBuilder();
        for (int j = 3 + random.nextInt(7); j > 0; j--) {
          word.append((char) ('a' + random.nextInt(26)));
        }
        words[i] = word.toString().getBytes(StandardCharsets.US_ASCII);
      }
      for (int i = 0; i < DRAWN; i++) {
        // The inverse of a distribution whose density falls with 1 / rank.
        drawn[i] = words[(int) Math.pow(VOCABULARY, random.nextDouble()) - 1];
      }
      put(
          "sku,title,brand,description,supplier_category,url,in_stock\n"
              .getBytes(StandardCharsets.US_ASCII));
    }

    long bytes() {
      return bytes;
    }

    private void put(byte[] text) {
      System.arraycopy(text, 0, line, end, text.length);
      end += text.length;
    }

    private void put(int number) {
      put(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    private void words(int count) {
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          line[end++] = ' ';
        }
        // xorshift64, by Marsaglia
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        put(drawn[(int) (state >>> 40) & (DRAWN - 1)]);
      }
    }

    private void nextLine() {
      end = 0;
      next = 0;
      put(prefix);
      put(row);
      line[end++] = ',';
      words(8);
      put(BRAND);
      put(row % 500);
      put(QUOTE);
      words(perRow);
      put(UNQUOTE);
      words(3);
      put(URL);
      put(row);
      put(END);
      row++;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] into, int at, int length) {
      int written = 0;
      while (written < length) {
        if (next == end) {
          if (row == rows) {
            break;
          }
          nextLine();
        }
        int some = Math.min(length - written, end - next);
        System.arraycopy(line, next, into, at + written, some);
        next += some;
        written += some;
      }
      bytes += written;
      return written == 0 ? -1 : written;
    }
  }
}
