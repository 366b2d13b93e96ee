package io.kailash.jobs;

import io.kailash.platform.InvalidSettingException;
import io.kailash.platform.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Does work that needs much memory and processor in a process of its own, at a lower priority: it
 * can neither take the memory of the service nor bring it down. The process ends with the service.
 *
 * <p>Setting {@code kailash.jobs.process-heap}: most memory of the objects of such a process, such
 * as {@code 2g} or {@code 800m}.
 */
@Singleton
public class OwnProcess {
  private static final String HEAP = "kailash.jobs.process-heap";
  private static final Path NICE = Path.of("/usr/bin/nice");
  private static final String NICENESS = "10";

  /** As the JVM ends itself by {@code ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY = 3;

  private static final int TOLD_OF_A_FAILURE = 4_000;

  private final String heap;

  @Inject
  OwnProcess(Settings settings) {
    heap = settings.text(HEAP, "2g").toLowerCase(Locale.ROOT);
    if (!heap.matches("[1-9][0-9]{0,5}[mg]")) {
      throw new InvalidSettingException(HEAP, "'" + heap + "' is no size such as 2g or 800m", null);
    }
  }

  /** Part of a job's way, from 0 to 1, that a process goes. */
  public record Stretch(double from, double to) {}

  /**
   * Runs the {@code main} of a class of this application, which calls {@link ProcessReport#run}.
   *
   * @param run takes the progress, and is asked whether to go on
   * @throws JobCancelledException if somebody wants the job to stop; the process has ended then
   * @throws JobFailedException if the work cannot be done, or not within the memory it may have
   */
  public void run(Class<?> main, List<String> arguments, JobRun run, Stretch stretch) {
    try {
      Path errors = Files.createTempFile("kailash-process", ".log");
      try {
        follow(start(main, arguments, errors), errors, run, stretch);
      } finally {
        Files.deleteIfExists(errors);
      }
    } catch (IOException failure) {
      throw new IllegalStateException("a process of its own cannot be run", failure);
    }
  }

  private Process start(Class<?> main, List<String> arguments, Path errors) throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(NICE)) {
      command.addAll(List.of(NICE.toString(), "-n", NICENESS));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heap,
            "-XX:+UseParallelGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dfile.encoding=UTF-8",
            "-cp",
            classPath(main),
            main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(errors.toFile()).start();
  }

  /** The classes of the application and its libraries, as the server has unpacked them. */
  private static String classPath(Class<?> main) throws IOException {
    String file = main.getName().replace('.', '/') + ".class";
    URL place = Objects.requireNonNull(main.getClassLoader().getResource(file), file);
    if (!place.getProtocol().equals("file")) {
      throw new IOException("the application is not unpacked: " + place);
    }
    try {
      URI classes =
          new URI(place.toString().substring(0, place.toString().length() - file.length()));
      Path folder = Path.of(classes);
      return folder + File.pathSeparator + folder.resolveSibling("lib").resolve("*");
    } catch (URISyntaxException odd) {
      throw new IOException("the place of the application cannot be read: " + place, odd);
    }
  }

  private void follow(Process process, Path errors, JobRun run, Stretch stretch)
      throws IOException {
    String refusal = "";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String phase = "starting a process";
      double at = stretch.from();
      String line = "";
      while (line != null) {
        if (line.startsWith(ProcessReport.PROGRESS)) {
          String[] parts = line.split(" ", 3);
          at = stretch.from() + (stretch.to() - stretch.from()) * Double.parseDouble(parts[1]);
          phase = parts[2];
        } else if (line.startsWith(ProcessReport.REFUSAL)) {
          refusal = line.substring(ProcessReport.REFUSAL.length());
        }
        run.progress(phase, at);
        if (run.cancelled()) {
          throw new JobCancelledException();
        }
        line = lines.readLine();
      }
      judge(process.waitFor(), refusal, errors);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a process was at work", ending);
    } finally {
      process.destroyForcibly();
    }
  }

  private void judge(int code, String refusal, Path errors) throws IOException {
    switch (code) {
      case 0 -> {
        // Done.
      }
      case ProcessReport.REFUSED -> throw new JobFailedException(refusal);
      case OUT_OF_MEMORY ->
          throw new JobFailedException(
              "this needs more memory than " + heap + " (setting " + HEAP + ")");
      default -> {
        String told = Files.readString(errors, StandardCharsets.UTF_8);
        throw new IllegalStateException(
            "a process of its own ended with code "
                + code
                + ": "
                + told.substring(Math.max(0, told.length() - TOLD_OF_A_FAILURE)));
      }
    }
  }
}
