package io.kailash.certification.load;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Has the results judged, in a process of its own, and ends the build by an exception unless the
 * verdict is that the gate is passed. The arguments are those of the judgement.
 */
public final class Judge {

  private static final String GATE = "io.kailash.certification.Gate";

  private Judge() {}

  /**
   * Judges.
   *
   * @throws IllegalStateException unless it is passed
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(after("--results", arguments));
    // From here on nobody else needs to judge what was measured.
    Files.deleteIfExists(root.resolve(Prepare.OPEN));
    if (Judge.class.getClassLoader().getResource(GATE.replace('.', '/') + ".class") == null) {
      throw new IllegalStateException(
          "the judgement ("
              + GATE
              + ") is missing in this build: nothing was judged, so nothing passed");
    }
    String gate = after("--gate", arguments);
    int code = judge(arguments);
    if (code != 0) {
      throw new IllegalStateException(
          (gate.equals("all") ? "the gates are " : "gate " + gate + " is ")
              + (code == 1 ? "not passed" : "not shown to pass")
              + "; the report is in "
              + (gate.equals("all") ? root : root.resolve("gate-" + gate)));
    }
  }

  private static int judge(String[] arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.add("-cp");
    command.add(classPath());
    command.add(GATE);
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith("--only=")) {
        String only = arguments[i].substring("--only=".length());
        if (!only.isBlank()) {
          command.add("--only");
          command.add(only);
        }
      } else if (arguments[i].equals("--evidence")
          && !Files.isDirectory(Path.of(arguments[i + 1]))) {
        i++;
      } else {
        command.add(arguments[i]);
      }
    }
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private static String after(String name, String[] arguments) {
    for (int i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals(name)) {
        return arguments[i + 1];
      }
    }
    throw new IllegalArgumentException(name + " is missing");
  }

  /** What this class was loaded from: Maven runs a main in a class loader of its own. */
  static String classPath() throws IOException {
    return String.join(File.pathSeparator, files().stream().map(Path::toString).toList());
  }

  static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    if (Judge.class.getClassLoader() instanceof URLClassLoader loader) {
      for (URL url : loader.getURLs()) {
        try {
          files.add(Path.of(url.toURI()));
        } catch (URISyntaxException e) {
          throw new IOException(url + " on the class path is no file", e);
        }
      }
    } else {
      for (String file : System.getProperty("java.class.path").split(File.pathSeparator)) {
        files.add(Path.of(file));
      }
    }
    return files;
  }
}
