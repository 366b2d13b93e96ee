package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Starts the stores and the service in a process beside this one and comes back when they are
 * ready. They are stopped when this process ends, however it ends: the other one reads a pipe of
 * ours, and this process does not end before it.
 *
 * <p>For builds: one step of a build starts the stack, later steps use it.
 */
public final class Background {

  private static final long POLL_MILLIS = 200;

  private Background() {}

  /**
   * Arguments: what to do ({@link BackgroundRun} explains each): {@code --instance NAME=FILE} once
   * or more, {@code --wait-while FILE}, {@code --interrupted-while FILE}, and {@code --then CLASS
   * ARGUMENT…} last.
   *
   * @throws StackFailure when it does not start; what happened was printed
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path description = describedIn(arguments);
    Files.deleteIfExists(description);
    List<String> command = new ArrayList<>();
    command.add(Programs.java());
    command.add("-Xmx96m");
    command.add("-XX:+UseSerialGC");
    command.add("-cp");
    command.add(classPath());
    command.add(BackgroundRun.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    OutputStream pipe = process.getOutputStream();
    settings(pipe);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    pipe.close();
                    process.waitFor();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "stop-the-stack-beside"));
    while (!Files.exists(description)) {
      if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new StackFailure("The stack did not start; the lines above say why.");
      }
    }
  }

  private static Path describedIn(String[] arguments) {
    Path last = null;
    for (int i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals("--instance")) {
        last = Path.of(arguments[i + 1].substring(arguments[i + 1].indexOf('=') + 1));
      }
    }
    if (last == null) {
      throw new StackFailure("--instance NAME=FILE is missing.");
    }
    return last;
  }

  /** By the pipe, because a command line can be read by every user of the machine. */
  private static void settings(OutputStream pipe) throws IOException {
    Map<String, String> settings = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("kailash.") || name.startsWith("gate.")) {
        settings.put(name, System.getProperty(name));
      }
    }
    Properties properties = new Properties();
    properties.putAll(settings);
    BufferedWriter writer = new BufferedWriter(new OutputStreamWriter(pipe, UTF_8));
    properties.store(writer, null);
    writer.write(BackgroundRun.END_OF_SETTINGS);
    writer.newLine();
    writer.flush();
  }

  /** What this class was loaded from: Maven runs a main in a class loader of its own. */
  static String classPath() {
    if (!(Background.class.getClassLoader() instanceof URLClassLoader loader)) {
      return System.getProperty("java.class.path");
    }
    List<String> files = new ArrayList<>();
    for (URL url : loader.getURLs()) {
      try {
        files.add(Path.of(url.toURI()).toString());
      } catch (URISyntaxException e) {
        throw new StackFailure(url + " on the class path is no file.", e);
      }
    }
    return String.join(File.pathSeparator, files);
  }
}
