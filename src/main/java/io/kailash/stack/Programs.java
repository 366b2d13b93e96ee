package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs that are called once and answer, and where programs are found. */
final class Programs {

  private Programs() {}

  /**
   * What a finished program left.
   *
   * @param output both its streams
   */
  record Outcome(int exitCode, String output) {

    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /** The program of that name on the path, if there is one. */
  static Optional<Path> onPath(String program) {
    String path = System.getenv("PATH");
    return Stream.of(
            (path == null ? "/usr/bin:/bin" : path).split(Pattern.quote(File.pathSeparator)))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
        .findFirst();
  }

  /** The {@code java} of the JVM that runs this. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Runs a program to its end; an interrupt of this thread ends it. */
  static Outcome run(Path folder, Path log, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      int exitCode = process.waitFor();
      return new Outcome(exitCode, Files.readString(log, UTF_8));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Sends SIGINT, for which the JDK has no method. */
  static void interrupt(long pid) {
    try {
      new ProcessBuilder("sh", "-c", "kill -INT \"$1\"", "sh", Long.toString(pid))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new StackFailure("Process " + pid + " cannot be interrupted.", e);
    }
  }
}
