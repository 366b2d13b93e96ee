package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A real ChromaDB from its npm package, where Node.js is present. Installed once into {@code
 * target/stack/chroma}; a start never asks the network again.
 */
final class ChromaServer {

  private ChromaServer() {}

  /** Whether ChromaDB can run here. */
  sealed interface Availability {

    /** It can: its module is in that folder. */
    record Available(Path modules) implements Availability {}

    /** It cannot, for that reason. */
    record Unavailable(String reason) implements Availability {}
  }

  /**
   * Finds Node.js and installs the module when that has not been done yet. Stacks that start from
   * one checkout at the same time do so one after the other.
   */
  static Availability availability(Launch launch) throws IOException, InterruptedException {
    if (Programs.onPath("node").isEmpty()) {
      return new Availability.Unavailable("Node.js (node) is not on the path");
    }
    Path folder = launch.settings().project().resolve("target/stack/chroma");
    Files.createDirectories(folder);
    // The lock of a file is one of processes: threads need another.
    synchronized (ChromaServer.class) {
      try (FileChannel file =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock alone = file.lock()) {
        return installed(launch, folder);
      }
    }
  }

  private static Availability installed(Launch launch, Path folder)
      throws IOException, InterruptedException {
    Path wanted = launch.config("chroma").resolve("package.json");
    Path installed = folder.resolve("installed.json");
    if (!Files.exists(installed) || Files.mismatch(installed, wanted) >= 0) {
      if (Programs.onPath("npm").isEmpty()) {
        return new Availability.Unavailable("npm is not on the path");
      }
      Files.copy(wanted, folder.resolve("package.json"), StandardCopyOption.REPLACE_EXISTING);
      launch.listener().progress("ChromaDB is being installed by npm into " + folder);
      Programs.Outcome outcome =
          Programs.run(
              folder,
              launch.folder().log("chroma-install"),
              Map.of(),
              List.of(
                  "npm",
                  "install",
                  "--prefer-offline",
                  "--no-package-lock",
                  "--no-audit",
                  "--no-fund",
                  "--ignore-scripts"));
      if (!outcome.succeeded()) {
        return new Availability.Unavailable(
            "npm could not install it, see " + launch.folder().log("chroma-install"));
      }
    }
    Path modules = folder.resolve("node_modules");
    Programs.Outcome probe =
        launch.run(
            "chroma-probe",
            Map.of("NODE_PATH", modules.toString()),
            List.of("node", launch.config("chroma").resolve("start.js").toString(), "--probe"));
    if (!probe.succeeded()) {
      return new Availability.Unavailable(
          "its module does not load on this machine: " + lastLine(probe.output()));
    }
    Files.copy(wanted, installed, StandardCopyOption.REPLACE_EXISTING);
    return new Availability.Available(modules);
  }

  static URI start(Launch launch, Availability.Available available, int port)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    Path data = launch.folder().folder("chroma");
    SqliteJournal.writeAhead(data.resolve("chroma.sqlite3"));
    ServerProcess process =
        launch.start(
            new ServerProcess.Order(
                2,
                "ChromaDB",
                "chroma",
                List.of(
                    "node",
                    launch.config("chroma").resolve("start.js").toString(),
                    "run",
                    "--path",
                    data.toString(),
                    "--host",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port)),
                Map.of("NODE_PATH", available.modules().toString()),
                // It ignores TERM and spins.
                StopSignal.KILL,
                Launch.patience(10)));
    URI uri = URI.create("http://127.0.0.1:" + port);
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    launch.await(process, () -> get(client, uri.resolve("/api/v2/heartbeat")).statusCode() == 200);
    String version;
    try {
      version = get(client, uri.resolve("/api/v2/version")).body().replace("\"", "").strip();
    } catch (IOException e) {
      throw new StackFailure("ChromaDB answers but does not tell its version.", e);
    }
    launch.ready("ChromaDB " + version, port, began);
    return uri;
  }

  private static HttpResponse<String> get(HttpClient client, URI uri)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
        HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  private static String lastLine(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "no output" : lines.get(lines.size() - 1).strip();
  }
}
