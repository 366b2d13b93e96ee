package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the machine has the memory and disk that a start wants. */
final class Resources {

  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
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
   */
  private static long availableMemoryBytes() throws IOException {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Path meminfo = Path.of("/proc/meminfo");
    if (!Files.exists(meminfo)) {
      return system.getTotalMemorySize();
    }
    Matcher available = AVAILABLE.matcher(Files.readString(meminfo, UTF_8));
    return available.find()
        ? Math.min(Long.parseLong(available.group(1)) * 1024, system.getTotalMemorySize())
        : system.getTotalMemorySize();
  }
}
