package io.kailash.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What every server needs to start: settings, data folder, somebody to tell; and the list of what
 * has been started, so that a failure half-way can end all of it.
 */
final class Launch {

  private final StackSettings settings;
  private final DataFolder folder;
  private final ProgressListener listener;
  private final List<ServerProcess> started = new CopyOnWriteArrayList<>();

  private volatile String chromaAbsence;

  Launch(StackSettings settings, DataFolder folder, ProgressListener listener) {
    this.settings = settings;
    this.folder = folder;
    this.listener = listener;
  }

  StackSettings settings() {
    return settings;
  }

  DataFolder folder() {
    return folder;
  }

  ProgressListener listener() {
    return listener;
  }

  List<ServerProcess> started() {
    return started;
  }

  void chromaIsAbsent(String reason) {
    chromaAbsence = reason;
  }

  /** Why ChromaDB does not run; null when it does. */
  String chromaAbsence() {
    return chromaAbsence;
  }

  ServerProcess start(ServerProcess.Order order) throws IOException {
    ServerProcess process = ServerProcess.start(folder, order);
    started.add(process);
    return process;
  }

  void await(ServerProcess process, Waiting.Probe probe) throws InterruptedException {
    Waiting.until(process, settings.startLimit(), probe);
  }

  void ready(String what, int port, long sinceNanos) {
    listener.progress(
        String.format(
            Locale.ROOT,
            "%s on 127.0.0.1:%d ready in %.1f s",
            what,
            port,
            ServerProcess.seconds(sinceNanos)));
  }

  /** The folder of that server in {@code server-config}. */
  Path config(String server) {
    return settings.project().resolve("server-config").resolve(server);
  }

  /** Fills a template of {@code server-config} and keeps it where only the owner may read it. */
  Path configure(String server, String file, String target, Map<String, String> values)
      throws IOException {
    Path written = folder.resolve("conf").resolve(target);
    folder.writePrivately(written, ConfigTemplate.fill(config(server).resolve(file), values));
    return written;
  }

  Programs.Outcome run(String logName, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    return Programs.run(folder.root(), folder.log(logName), environment, command);
  }

  static Duration patience(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
