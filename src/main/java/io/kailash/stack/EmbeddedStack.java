package io.kailash.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The stores of one data folder, running. Whatever store the settings name as existing is used as
 * it is; the others are started side by side as processes of their own. {@link #close} ends them in
 * order.
 */
public final class EmbeddedStack implements AutoCloseable {

  private final Launch launch;
  private final Ports ports;
  private final StackAddresses addresses;
  private final String administratorKey;

  private EmbeddedStack(
      Launch launch, Ports ports, StackAddresses addresses, String administratorKey) {
    this.launch = launch;
    this.ports = ports;
    this.addresses = addresses;
    this.administratorKey = administratorKey;
  }

  /**
   * Starts what the settings ask for and returns when every store answers. Processes that an
   * earlier run left in the data folder are ended first.
   *
   * @throws StackFailure when something is missing, in use or too little, or a store does not
   *     start; then nothing is left running
   * @throws InterruptedException when the thread was interrupted; then nothing is left running
   */
  public static EmbeddedStack start(StackSettings settings, ProgressListener listener)
      throws InterruptedException {
    DataFolder folder = DataFolder.open(settings.data(), new SecureRandom());
    Launch launch = new Launch(settings, folder, listener);
    boolean complete = false;
    try {
      endLeftovers(launch);
      Resources.check(settings, folder);
      Ports ports = new Ports();
      EmbeddedStack stack =
          new EmbeddedStack(launch, ports, startStores(launch, ports), folder.administratorKey());
      complete = true;
      return stack;
    } catch (IOException e) {
      throw new StackFailure(
          "The data folder " + folder.root() + " (kailash.data) failed: " + e + ".", e);
    } finally {
      if (!complete) {
        endAll(launch);
      }
    }
  }

  private static void endLeftovers(Launch launch) throws IOException {
    for (ServerProcess process : ServerProcess.leftBehind(launch.folder())) {
      launch
          .listener()
          .progress(
              process.name()
                  + " (process "
                  + process.pid()
                  + ") is left over from an earlier run that crashed; it is being stopped");
      process.stop(launch.listener());
    }
    Path temporary = launch.folder().resolve("tmp");
    DataFolder.delete(temporary);
    launch.folder().folder("tmp");
  }

  private static StackAddresses startStores(Launch launch, Ports ports)
      throws InterruptedException {
    StackSettings settings = launch.settings();
    // All ports are chosen before anything starts, so that one in use leaves nothing half-started.
    int http = settings.httpPort();
    if (http != 0) {
      ports.choose(settings, Setting.HTTP_PORT, "the service");
    }
    List<Callable<Object>> starts = new ArrayList<>();
    settings
        .existingPostgres()
        .ifPresentOrElse(
            existing -> starts.add(() -> existing(launch, "PostgreSQL", existing)),
            () -> {
              int port = ports.choose(settings, Setting.POSTGRES_PORT, "PostgreSQL");
              starts.add(() -> PostgresServer.start(launch, port));
            });
    settings
        .existingRedis()
        .ifPresentOrElse(
            existing -> starts.add(() -> existing(launch, "Redis", existing)),
            () -> {
              int port = ports.choose(settings, Setting.REDIS_PORT, "Redis");
              starts.add(() -> RedisServer.start(launch, port));
            });
    settings
        .existingNeo4j()
        .ifPresentOrElse(
            existing -> starts.add(() -> existing(launch, "Neo4j", existing)),
            () -> {
              int port = ports.choose(settings, Setting.NEO4J_PORT, "Neo4j");
              starts.add(() -> Neo4jServer.start(launch, port));
            });
    if (settings.vectors() == VectorChoice.LUCENE) {
      launch.chromaIsAbsent("kailash.vectors=lucene leaves it out");
      starts.add(Optional::empty);
    } else if (settings.existingChroma().isPresent()) {
      URI existing = settings.existingChroma().get();
      starts.add(() -> Optional.of(existing(launch, "ChromaDB", existing)));
    } else {
      int port = ports.choose(settings, Setting.CHROMA_PORT, "ChromaDB");
      starts.add(() -> startChroma(launch, port));
    }
    List<Object> started = sideBySide(starts);
    @SuppressWarnings("unchecked")
    Optional<URI> chroma = (Optional<URI>) started.get(3);
    return new StackAddresses(
        (PostgresAddress) started.get(0),
        (RedisAddress) started.get(1),
        (Neo4jAddress) started.get(2),
        chroma);
  }

  private static <T> T existing(Launch launch, String name, T address) {
    launch.listener().progress(name + " exists already: " + address);
    return address;
  }

  private static Optional<URI> startChroma(Launch launch, int port)
      throws IOException, InterruptedException {
    ChromaServer.Availability availability = ChromaServer.availability(launch);
    if (availability instanceof ChromaServer.Availability.Available available) {
      return Optional.of(ChromaServer.start(launch, available, port));
    }
    String reason = ((ChromaServer.Availability.Unavailable) availability).reason();
    if (launch.settings().vectors() == VectorChoice.CHROMA) {
      throw new StackFailure(
          "ChromaDB cannot run ("
              + reason
              + "): install what is missing, or set kailash.vectors to auto or lucene.");
    }
    launch.chromaIsAbsent(reason);
    launch
        .listener()
        .progress("ChromaDB is left out (" + reason + "); vectors are kept by Lucene instead");
    return Optional.empty();
  }

  private static List<Object> sideBySide(List<Callable<Object>> starts)
      throws InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(starts.size());
    try {
      var completion = new java.util.concurrent.ExecutorCompletionService<Object>(executor);
      List<Future<Object>> futures = starts.stream().map(completion::submit).toList();
      List<Object> results = new ArrayList<>();
      for (int i = 0; i < starts.size(); i++) {
        completion.take().get();
      }
      for (Future<Object> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StackFailure failure) {
        throw failure;
      }
      throw new StackFailure("A store could not be started: " + e.getCause() + ".", e.getCause());
    } finally {
      executor.shutdownNow();
      awaitQuiet(executor);
    }
  }

  /** Nothing may start any more once this returns: what runs then is all there is to end. */
  private static void awaitQuiet(ExecutorService executor) {
    boolean interrupted = false;
    while (true) {
      try {
        if (executor.awaitTermination(60, TimeUnit.SECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends in the order of the records: service, ChromaDB, Neo4j, Redis, PostgreSQL. */
  private static void endAll(Launch launch) {
    // An interrupt has done its work by now; stopping in order must not be cut short by it.
    boolean interrupted = Thread.interrupted();
    try (DataFolder folder = launch.folder()) {
      List<ServerProcess> started = new ArrayList<>(launch.started());
      started.sort(Comparator.comparingInt(ServerProcess::place));
      StackFailure failed = null;
      for (ServerProcess process : started) {
        try {
          process.stop(launch.listener());
        } catch (StackFailure e) {
          failed = e;
        }
      }
      if (failed != null) {
        throw failed;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The settings it was started with. */
  public StackSettings settings() {
    return launch.settings();
  }

  /** Where the stores are. */
  public StackAddresses addresses() {
    return addresses;
  }

  /** The API key of the administrator whom the service creates when it has none. */
  public String administratorKey() {
    return administratorKey;
  }

  /** Folder of the logs of all processes. */
  public Path logs() {
    return launch.folder().resolve("log");
  }

  /** The stores that have ended although nobody stopped them, by name. */
  public List<String> endedUnexpectedly() {
    return launch.started().stream()
        .filter(process -> !process.isAlive())
        .map(process -> String.format(Locale.ROOT, "%s. %s", process.name(), process.lastLines()))
        .toList();
  }

  /** Why ChromaDB does not run, if it does not. */
  public Optional<String> chromaAbsence() {
    return Optional.ofNullable(launch.chromaAbsence());
  }

  Launch launch() {
    return launch;
  }

  Ports ports() {
    return ports;
  }

  boolean hasWar() {
    return Files.exists(war());
  }

  Path war() {
    return settings().war();
  }

  /** Ends every process that this stack started, in order, and lets go of the data folder. */
  @Override
  public void close() {
    endAll(launch);
  }
}
