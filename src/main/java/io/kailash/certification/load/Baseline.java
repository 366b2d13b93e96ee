package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The build that a candidate is compared with: {@code -Dbaseline=} names a WAR, or a commit, which
 * is built in a working tree of its own under {@code target}. Leaves the WAR where {@code
 * regression} expects it.
 */
public final class Baseline {

  private static final long BUILD_MINUTES = 30;

  private Baseline() {}

  /** Arguments: folder of the project, what the baseline is, where its WAR is to be. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path project = Path.of(arguments[0]).toAbsolutePath();
    String wanted = arguments[1].strip();
    Path war = Path.of(arguments[2]).toAbsolutePath();
    if (wanted.isEmpty()) {
      throw new IOException("-Dbaseline= is missing: name a commit or a WAR to compare with");
    }
    Files.createDirectories(war.getParent());
    if (wanted.toLowerCase(Locale.ROOT).endsWith(".war")) {
      Path given = project.resolve(wanted);
      if (!Files.isRegularFile(given)) {
        throw new IOException("-Dbaseline=" + wanted + ": there is no such file");
      }
      Files.copy(given, war, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      System.out.println("the baseline is " + given);
      return;
    }
    String commit =
        run(project, List.of("git", "rev-parse", "--verify", "--quiet", wanted + "^{commit}"), 1);
    if (commit.isEmpty()) {
      throw new IOException("-Dbaseline=" + wanted + " is neither a WAR nor a commit");
    }
    Path tree = war.resolveSibling("tree-" + commit.substring(0, 12));
    Path built = tree.resolve("target/kailash.war");
    if (!Files.exists(built)) {
      run(project, List.of("git", "worktree", "prune"), 1);
      if (!Files.exists(tree)) {
        run(
            project,
            List.of("git", "worktree", "add", "--detach", "--force", tree.toString(), commit),
            5);
      }
      System.out.println("building the baseline " + commit);
      List<String> build = new ArrayList<>(List.of(maven(), "-q", "-B", "package"));
      build.addAll(
          List.of(
              "-Dmaven.test.skip=true", "-Dspotless.check.skip=true", "-Dforbiddenapis.skip=true"));
      run(tree, build, BUILD_MINUTES);
    }
    Files.copy(built, war, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    System.out.println("the baseline is " + commit);
  }

  private static String maven() {
    String home = System.getProperty("maven.home");
    if (home == null) {
      return "mvn";
    }
    Path program = Path.of(home, "bin", File.separatorChar == '\\' ? "mvn.cmd" : "mvn");
    return Files.exists(program) ? program.toString() : "mvn";
  }

  /** What a program prints; one that fails is thrown, but an unknown commit is empty. */
  private static String run(Path folder, List<String> command, long minutes)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("baseline", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException(command + " took longer than " + minutes + " minutes");
      }
      String text = Files.readString(output, UTF_8).strip();
      if (process.exitValue() != 0) {
        if (command.contains("--quiet")) {
          return "";
        }
        throw new IOException(
            command
                + " ended with "
                + process.exitValue()
                + ": "
                + text.lines().limit(20).toList());
      }
      return text;
    } finally {
      Files.delete(output);
    }
  }
}
