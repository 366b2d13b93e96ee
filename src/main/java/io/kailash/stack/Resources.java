package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the machine has the memory and disk that a start wants. */
final class Resources {

  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final List<Path> CONTAINER_LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
  private static final long MEBIBYTE = 1024L * 1024;

  private Resources() {}

  /**
   * Checks memory and disk.
   *
   * @throws StackFailure naming the setting, when there is too little
   */
  static void check(StackSettings settings, DataFolder folder) throws IOException {
    demand("memory", availableMemoryBytes(), settings, Setting.MEMORY_MINIMUM);
    demand(
        "disk space for " + folder.root(),
        Files.getFileStore(folder.root()).getUsableSpace(),
        settings,
        Setting.DISK_MINIMUM);
  }

  private static void demand(
      String what, long availableBytes, StackSettings settings, Setting least) {
    long wanted = settings.bytes(least);
    if (availableBytes < wanted) {
      throw new StackFailure(
          "Too little "
              + what
              + ": "
              + availableBytes / MEBIBYTE
              + " MiB are free, "
              + wanted / MEBIBYTE
              + " MiB are wanted. Free some, or lower "
              + least.property()
              + ".");
    }
  }

  /**
   * What the kernel says is to be had without swapping, but no more than this container's limit.
   * Where there is no such file, memory is not checked.
   */
  private static long availableMemoryBytes() throws IOException {
    long availableBytes = Long.MAX_VALUE;
    if (Files.exists(MEMORY)) {
      Matcher available = AVAILABLE.matcher(Files.readString(MEMORY, UTF_8));
      if (available.find()) {
        availableBytes = Long.parseLong(available.group(1)) * 1024;
      }
    }
    for (Path limit : CONTAINER_LIMITS) {
      if (Files.exists(limit)) {
        String bytes = Files.readString(limit, UTF_8).strip();
        // "max" is no limit; the older kernel interface writes a number beyond any memory.
        if (bytes.matches("\\d{1,18}")) {
          availableBytes = Math.min(availableBytes, Long.parseLong(bytes));
        }
      }
    }
    return availableBytes;
  }
}
