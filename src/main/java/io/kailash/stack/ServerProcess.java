package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One server that this stack started, or that an earlier run left behind.
 *
 * <p>It runs in a session of its own, so that the interrupt of a terminal does not reach it. Its
 * record in the data folder names process, start time and way to stop it; a process whose start
 * time differs is somebody else's and is left alone.
 */
final class ServerProcess {

  private static final int LAST_LINES = 12;

  private final int place;
  private final String name;
  private final ProcessHandle handle;
  private final StopSignal signal;
  private final Duration patience;
  private final Path record;
  private final Path log;

  private ServerProcess(
      int place,
      String name,
      ProcessHandle handle,
      StopSignal signal,
      Duration patience,
      Path record,
      Path log) {
    this.place = place;
    this.name = name;
    this.handle = handle;
    this.signal = signal;
    this.patience = patience;
    this.record = record;
    this.log = log;
  }

  /**
   * What to start.
   *
   * @param place where it stands in the order of stopping, lowest first
   * @param name what a person calls it
   * @param id its name in file names, unique in the data folder
   * @param environment variables added to those of this process
   * @param patience how long it may take to end before it is killed
   */
  record Order(
      int place,
      String name,
      String id,
      List<String> command,
      Map<String, String> environment,
      StopSignal signal,
      Duration patience) {}

  static ServerProcess start(DataFolder folder, Order order) throws IOException {
    Path log = folder.log(order.id());
    Path previous = folder.log(order.id() + ".previous");
    if (Files.exists(log)) {
      Files.move(log, previous, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessBuilder builder =
        new ProcessBuilder(inOwnSession(order.command()))
            .directory(folder.root().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(order.environment());
    ProcessHandle handle = builder.start().toHandle();
    Path record = folder.resolve("run").resolve(order.place() + "-" + order.id());
    ServerProcess process =
        new ServerProcess(
            order.place(), order.name(), handle, order.signal(), order.patience(), record, log);
    process.writeRecord(folder);
    return process;
  }

  /** The processes that an earlier run left in this folder, in the order of stopping. */
  static List<ServerProcess> leftBehind(DataFolder folder) throws IOException {
    List<ServerProcess> found = new ArrayList<>();
    List<Path> records;
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      records = files.filter(file -> !file.toString().endsWith(".new")).sorted().toList();
    }
    for (Path record : records) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(record, UTF_8)) {
        properties.load(reader);
      }
      Optional<ProcessHandle> alive =
          ProcessHandle.of(Long.parseLong(properties.getProperty("pid")))
              .filter(ProcessHandle::isAlive)
              .filter(handle -> startMillis(handle).equals(properties.getProperty("started")));
      if (alive.isEmpty()) {
        Files.delete(record);
      } else {
        found.add(
            new ServerProcess(
                Integer.parseInt(properties.getProperty("place")),
                properties.getProperty("name"),
                alive.get(),
                StopSignal.valueOf(properties.getProperty("signal")),
                Duration.ofMillis(Long.parseLong(properties.getProperty("patience"))),
                record,
                Path.of(properties.getProperty("log"))));
      }
    }
    return found;
  }

  private void writeRecord(DataFolder folder) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("place", Integer.toString(place));
    properties.setProperty("name", name);
    properties.setProperty("pid", Long.toString(handle.pid()));
    properties.setProperty("started", startMillis(handle));
    properties.setProperty("signal", signal.name());
    properties.setProperty("patience", Long.toString(patience.toMillis()));
    properties.setProperty("log", log.toString());
    StringWriter text = new StringWriter();
    properties.store(text, null);
    folder.writePrivately(record, text.toString());
  }

  private static String startMillis(ProcessHandle handle) {
    return handle
        .info()
        .startInstant()
        .map(start -> Long.toString(start.toEpochMilli()))
        .orElse("");
  }

  /**
   * A child of a terminal's process group dies with Ctrl-C. {@code setsid} takes it out of the
   * group; where there is none, ignoring the interrupt is the next best.
   */
  private static List<String> inOwnSession(List<String> command) {
    List<String> wrapped = new ArrayList<>();
    if (Programs.onPath("setsid").isPresent()) {
      wrapped.add("setsid");
    } else {
      wrapped.addAll(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
    }
    wrapped.addAll(command);
    return wrapped;
  }

  int place() {
    return place;
  }

  String name() {
    return name;
  }

  long pid() {
    return handle.pid();
  }

  boolean isAlive() {
    return handle.isAlive();
  }

  Path log() {
    return log;
  }

  ProcessHandle handle() {
    return handle;
  }

  /** The failure of this server, with the last lines of its log. */
  StackFailure failure(String what) {
    return new StackFailure(name + " " + what + ". " + lastLines());
  }

  String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1);
      List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
      return "Last lines of "
          + log
          + ":"
          + System.lineSeparator()
          + "    "
          + String.join(System.lineSeparator() + "    ", last);
    } catch (IOException e) {
      return "Its log " + log + " cannot be read.";
    }
  }

  /** Kills it as a crash would; its record stays until {@link #stop}. */
  void kill() {
    handle.destroyForcibly();
    ended(Duration.ofSeconds(10));
  }

  /** Ends it: politely, and hard when its patience is over or this thread is interrupted. */
  void stop(ProgressListener listener) {
    long began = System.nanoTime();
    String how = "stopped";
    if (!handle.isAlive()) {
      how = "had ended already";
    } else {
      send(signal);
      if (!ended(patience)) {
        handle.destroyForcibly();
        how = "did not heed " + signal + " and was killed";
        if (!ended(Duration.ofSeconds(20))) {
          throw new StackFailure(name + " (process " + pid() + ") cannot be killed.");
        }
      }
    }
    try {
      Files.deleteIfExists(record);
    } catch (IOException e) {
      throw new StackFailure(record + " cannot be deleted.", e);
    }
    listener.progress(String.format(Locale.ROOT, "%s %s in %.1f s", name, how, seconds(began)));
  }

  private void send(StopSignal what) {
    switch (what) {
      case TERM -> handle.destroy();
      case KILL -> handle.destroyForcibly();
      case INT -> Programs.interrupt(handle.pid());
    }
  }

  private boolean ended(Duration limit) {
    try {
      handle.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new StackFailure("The end of " + name + " cannot be awaited.", e);
    }
  }

  static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }
}
