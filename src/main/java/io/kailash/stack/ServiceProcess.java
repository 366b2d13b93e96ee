package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The service: Payara Micro with the WAR, as a process of its own on the stores of an {@link
 * EmbeddedStack}. Several may run on the same stores.
 */
public final class ServiceProcess implements AutoCloseable {

  private final ServerProcess process;
  private final URI baseUri;
  private final Launch launch;

  private ServiceProcess(ServerProcess process, URI baseUri, Launch launch) {
    this.process = process;
    this.baseUri = baseUri;
    this.launch = launch;
  }

  /**
   * Starts the service on the port of the stack's settings and returns when it is ready.
   *
   * @throws StackFailure with the last lines of its log, when it does not get ready; then it is not
   *     running
   * @throws InterruptedException when the thread was interrupted; then it is not running
   */
  public static ServiceProcess start(EmbeddedStack stack) throws InterruptedException {
    return start(stack, stack.settings().httpPort());
  }

  /**
   * Starts one more instance on a port, 0 for a free one, and returns when it is ready.
   *
   * @throws StackFailure with the last lines of its log, when it does not get ready; then it is not
   *     running
   * @throws InterruptedException when the thread was interrupted; then it is not running
   */
  public static ServiceProcess start(EmbeddedStack stack, int port) throws InterruptedException {
    return start(stack, port, List.of());
  }

  /**
   * Starts one more instance on a port, 0 for a free one, and returns when it is ready.
   *
   * @param options of its JVM, after those of the settings: a property given here wins
   */
  static ServiceProcess start(EmbeddedStack stack, int port, List<String> options)
      throws InterruptedException {
    int chosen = port == 0 ? stack.ports().free() : port;
    Launch launch = stack.launch();
    long began = System.nanoTime();
    try {
      ServerProcess process = launch.start(order(stack, chosen, options));
      ServiceProcess service =
          new ServiceProcess(process, URI.create("http://127.0.0.1:" + chosen), launch);
      boolean ready = false;
      try {
        service.awaitReady();
        ready = true;
      } finally {
        if (!ready) {
          service.close();
        }
      }
      launch.ready("The service", chosen, began);
      return service;
    } catch (IOException e) {
      throw new StackFailure("The service could not be started: " + e + ".", e);
    }
  }

  private static ServerProcess.Order order(EmbeddedStack stack, int port, List<String> options)
      throws IOException {
    Launch launch = stack.launch();
    StackSettings settings = stack.settings();
    if (!stack.hasWar()) {
      throw new StackFailure(stack.war() + " is missing: build the project first (mvn package).");
    }
    String id = "service-" + port;
    Path temporary = launch.folder().resolve("tmp").resolve(id);
    DataFolder.delete(temporary);
    launch.folder().folder("tmp/" + id);
    Path preBoot =
        launch.configure("payara-micro", "pre-boot.asadmin", id + "-pre-boot.asadmin", Map.of());
    List<String> command = new ArrayList<>();
    command.add(Programs.java());
    command.add("-Xmx" + settings.bytes(Setting.SERVICE_HEAP));
    command.addAll(optionsIn(launch.config("payara-micro").resolve("jvm.options")));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(settings.serviceJvmOptions());
    command.addAll(options);
    command.addAll(
        List.of(
            "-jar",
            payaraMicro(settings.project()),
            "--deploy",
            stack.war().toString(),
            "--contextroot",
            "/",
            "--prebootcommandfile",
            preBoot.toString(),
            "--port",
            Integer.toString(port),
            "--logproperties",
            launch.config("payara-micro").resolve("logging.properties").toString(),
            "--nohazelcast",
            "--disablephonehome"));
    return new ServerProcess.Order(
        1, "The service", id, command, environment(stack), StopSignal.TERM, Launch.patience(30));
  }

  /**
   * What the service reads by MicroProfile Config. By environment, because a command line can be
   * read by every user of the machine.
   */
  private static Map<String, String> environment(EmbeddedStack stack) {
    Map<String, String> environment = new TreeMap<>();
    properties(stack)
        .forEach((name, value) -> environment.put(Setting.environmentVariable(name), value));
    return environment;
  }

  /** The same under its names as properties. */
  static Map<String, String> properties(EmbeddedStack stack) {
    StackAddresses addresses = stack.addresses();
    Map<String, String> properties = new TreeMap<>(stack.settings().forService());
    properties.put("kailash.postgres.url", addresses.postgres().jdbcUrl());
    properties.put("kailash.postgres.user", addresses.postgres().user());
    properties.put("kailash.postgres.password", addresses.postgres().password());
    properties.put("kailash.redis.url", addresses.redis().uri().toString());
    properties.put("kailash.neo4j.url", addresses.neo4j().uri().toString());
    properties.put("kailash.neo4j.user", addresses.neo4j().user());
    properties.put("kailash.neo4j.password", addresses.neo4j().password());
    addresses.chroma().ifPresent(uri -> properties.put("kailash.chroma.url", uri.toString()));
    properties.put("kailash.vectors", addresses.chroma().isPresent() ? "chroma" : "lucene");
    properties.put(
        "kailash.vectors.folder",
        stack.launch().folder().resolve("vectors").toAbsolutePath().toString());
    properties.put("kailash.starter", Boolean.toString(stack.settings().starter()));
    properties.put("kailash.access.bootstrap-key", stack.administratorKey());
    return properties;
  }

  private void awaitReady() throws InterruptedException {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    HttpRequest ready =
        HttpRequest.newBuilder(baseUri.resolve("/health/ready"))
            .timeout(Duration.ofSeconds(10))
            .build();
    launch.await(
        process,
        () -> {
          Deployment deployment =
              Deployment.of(Files.readString(process.log(), StandardCharsets.ISO_8859_1));
          if (deployment == Deployment.FAILED) {
            throw new StackFailure(
                "The service's deployment failed. " + Deployment.cause(process.log()));
          }
          return deployment == Deployment.DONE
              && client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        });
  }

  /**
   * What the server's log says about the deployment: a server whose deployment failed calls itself
   * ready all the same.
   */
  enum Deployment {
    UNDER_WAY,
    DONE,
    FAILED;

    static Deployment of(String text) {
      // Deployed, and failed all the same when its context was started.
      if (text.contains("Exception while loading the app")
          || text.contains("Exception while deploying the app")) {
        return FAILED;
      }
      if (!text.contains(") ready in ")) {
        return UNDER_WAY;
      }
      return text.contains("was successfully deployed in") ? DONE : FAILED;
    }

    static String cause(Path log) throws IOException {
      List<String> causes =
          Files.readAllLines(log, StandardCharsets.ISO_8859_1).stream()
              .filter(
                  line ->
                      line.contains("SEVERE")
                          || line.contains("Caused by:")
                          || line.contains("ERROR"))
              .distinct()
              .limit(30)
              .toList();
      return "From "
          + log
          + ":"
          + System.lineSeparator()
          + "    "
          + String.join(System.lineSeparator() + "    ", causes);
    }
  }

  static List<String> optionsIn(Path file) throws IOException {
    return Files.readAllLines(file, UTF_8).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  static String payaraMicro(Path project) throws IOException {
    Path list = project.resolve("target/stack/payara-micro.classpath");
    if (!Files.exists(list)) {
      throw new StackFailure(list + " is missing: build the project first (mvn package).");
    }
    return Files.readString(list, UTF_8).strip();
  }

  /** The address it answers on, without a trailing slash. */
  public URI baseUri() {
    return baseUri;
  }

  /** Its process. */
  public long pid() {
    return process.pid();
  }

  /** Whether its process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Completes when its process has ended, for whatever reason. */
  public CompletableFuture<Void> onExit() {
    return process.handle().onExit().thenAccept(ended -> {});
  }

  /** Its log file. */
  public Path log() {
    return process.log();
  }

  /** The last lines of its log, with the file's name. */
  public String lastLines() {
    return process.lastLines();
  }

  /** Kills it as a crash would; {@link #close} must still be called. */
  public void kill() {
    process.kill();
  }

  /** Ends it. */
  @Override
  public void close() {
    // An interrupt asks for this very stop; it must not cut it short.
    boolean interrupted = Thread.interrupted();
    try {
      if (launch.started().remove(process)) {
        process.stop(launch.listener());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
