package io.kailash.certification;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kailash.certification.judgement.Assessment.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The machine this runs on. */
final class ThisMachine {
  private static final Path CPU = Path.of("/proc/cpuinfo");
  private static final Path MEMORY = Path.of("/proc/meminfo");

  private ThisMachine() {}

  static Where describe() {
    return new Where(
        Runtime.getRuntime().availableProcessors(),
        memoryBytes(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        valueOf(CPU, "model name"),
        System.getProperty("java.version"),
        List.of());
  }

  /** 0 where the system does not say. */
  private static long memoryBytes() {
    String kilobytes = valueOf(MEMORY, "MemTotal").replaceAll("[^0-9]", "");
    return kilobytes.isEmpty() ? 0 : Long.parseLong(kilobytes) * 1024;
  }

  /** Empty where the system does not say. */
  private static String valueOf(Path file, String name) {
    if (!Files.isReadable(file)) {
      return "";
    }
    try (Stream<String> lines = Files.lines(file, UTF_8)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
