package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Writes each second what every process on this machine uses: {@code resources.csv} with the
 * columns {@code epoch_ms,process,cpu_share,rss_bytes,heap_used_bytes,disk_free_share}.
 *
 * <p>{@code cpu_share} is the share of all cores (1 = the whole machine), children included; a
 * figure that cannot be had is left empty. Processes of a deployment elsewhere cannot be seen: then
 * there is only the generator.
 */
final class ResourceLog implements AutoCloseable {

  private static final long EVERY_MILLIS = 1000;
  private static final int HEAP_EVERY = 5;
  private static final String HEAP = "memory_usedHeap_bytes";

  private final Path file;
  private final Map<String, ProcessHandle> processes = new LinkedHashMap<>();
  private final Map<Long, Duration> before = new HashMap<>();
  private final HttpTarget target;
  private final Path data;
  private final Clock clock;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private String heap = "";
  private long beforeNanos = System.nanoTime();

  ResourceLog(Path file, Path description, HttpTarget target, Clock clock) throws IOException {
    this.file = file;
    this.target = target;
    this.clock = clock;
    JsonNode told = JsonMapper.builder().build().readTree(Files.readString(description, UTF_8));
    told.path("processes")
        .fields()
        .forEachRemaining(
            process ->
                ProcessHandle.of(process.getValue().asLong())
                    .ifPresent(handle -> processes.put(process.getKey(), handle)));
    processes.put("generator", ProcessHandle.current());
    data = told.hasNonNull("data") ? Path.of(told.get("data").asText()) : null;
    processes.values().forEach(this::cpuSinceLast);
    thread = new Thread(this::run, "resources");
    thread.setDaemon(true);
    thread.start();
  }

  /** CPU that a process has used since it began; null where it cannot be seen. */
  Duration cpuOf(String name) {
    ProcessHandle process = processes.get(name);
    return process == null ? null : process.info().totalCpuDuration().orElse(null);
  }

  private void run() {
    try (BufferedWriter writer = Files.newBufferedWriter(file, UTF_8)) {
      writer.write("epoch_ms,process,cpu_share,rss_bytes,heap_used_bytes,disk_free_share\n");
      for (int n = 0; !ended.await(EVERY_MILLIS, TimeUnit.MILLISECONDS); n++) {
        write(writer, n);
        writer.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(BufferedWriter writer, int number) throws IOException {
    long now = clock.millis();
    long nanos = System.nanoTime();
    double available = (nanos - beforeNanos) * (double) Runtime.getRuntime().availableProcessors();
    beforeNanos = nanos;
    if (number % HEAP_EVERY == 0) {
      heap = heap();
    }
    String disk =
        data == null
            ? ""
            : String.format(
                Locale.ROOT,
                "%.4f",
                Files.getFileStore(data).getUsableSpace()
                    / (double) Files.getFileStore(data).getTotalSpace());
    for (Map.Entry<String, ProcessHandle> process : processes.entrySet()) {
      if (!process.getValue().isAlive()) {
        continue;
      }
      String own =
          switch (process.getKey()) {
            case "service" -> heap;
            case "generator" ->
                Long.toString(
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
            default -> "";
          };
      writer.write(
          String.format(
              Locale.ROOT,
              "%d,%s,%.4f,%s,%s,%s%n",
              now,
              process.getKey(),
              Math.max(0, cpuSinceLast(process.getValue()) / available),
              resident(process.getValue()),
              own,
              disk));
    }
  }

  private double cpuSinceLast(ProcessHandle process) {
    return family(process)
        .mapToDouble(
            one -> {
              Duration used = one.info().totalCpuDuration().orElse(Duration.ZERO);
              Duration had = before.put(one.pid(), used);
              return had == null ? 0 : used.minus(had).toNanos();
            })
        .sum();
  }

  private static Stream<ProcessHandle> family(ProcessHandle process) {
    return process.pid() == ProcessHandle.current().pid()
        ? Stream.of(process)
        : Stream.concat(Stream.of(process), process.descendants());
  }

  /** Of the process and its children; pages that PostgreSQL's processes share count once each. */
  private static String resident(ProcessHandle process) throws IOException {
    long bytes = 0;
    for (ProcessHandle one : family(process).toList()) {
      Path status = Path.of("/proc", Long.toString(one.pid()), "statm");
      try {
        String[] pages = Files.readString(status, UTF_8).split(" ");
        long shared = one.pid() == process.pid() ? 0 : Long.parseLong(pages[2]);
        bytes += (Long.parseLong(pages[1]) - shared) * 4096;
      } catch (NoSuchFileException e) {
        if (!Files.exists(Path.of("/proc/self"))) {
          return "";
        }
      }
    }
    return Long.toString(bytes);
  }

  private String heap() {
    try {
      for (String line : target.text("/metrics?scope=base").split("\n")) {
        if (line.contains(HEAP) && !line.startsWith("#")) {
          return Long.toString(
              Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
        }
      }
      return "";
    } catch (IOException | NumberFormatException e) {
      return "";
    }
  }

  @Override
  public void close() throws InterruptedException {
    ended.countDown();
    thread.join(5000);
  }
}
