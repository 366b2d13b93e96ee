package io.kailash.certification.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * What the processes used, second by second: {@code resources.csv}.
 *
 * @param processes by name, in the order of time
 */
public record ResourceLog(Map<String, List<Point>> processes) {

  /** Process that makes the load; it is no part of what is judged. */
  public static final String GENERATOR = "generator";

  /**
   * One process at one moment.
   *
   * @param cpuShare of all cores of the machine, 0 to 1
   * @param heapBytes not a number where the process has none
   * @param diskFree share of the disk that is free; not a number where it was not seen
   */
  public record Point(
      long epochMillis, double cpuShare, double rssBytes, double heapBytes, double diskFree) {}

  private static final Set<String> NEEDED =
      Set.of("epoch_ms", "process", "cpu_share", "rss_bytes", "heap_used_bytes", "disk_free_share");

  /** Nothing was recorded. */
  static ResourceLog none() {
    return new ResourceLog(Map.of());
  }

  static ResourceLog read(Path file) throws UnreadableException {
    if (!Files.exists(file)) {
      return none();
    }
    Map<String, List<Point>> processes = new TreeMap<>();
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    long line = 1;
    try (Reader reader = Files.newBufferedReader(file, UTF_8);
        CSVParser parser = CSVParser.parse(reader, format)) {
      List<String> missing = new ArrayList<>(NEEDED);
      missing.removeAll(parser.getHeaderNames());
      if (!missing.isEmpty()) {
        throw new UnreadableException(file, "has no column " + missing);
      }
      for (CSVRecord record : parser) {
        line = parser.getCurrentLineNumber();
        if (!record.isConsistent()) {
          throw new UnreadableException(file, "line " + line + " is cut off");
        }
        processes
            .computeIfAbsent(record.get("process"), ignored -> new ArrayList<>())
            .add(
                new Point(
                    Long.parseLong(record.get("epoch_ms")),
                    number(record.get("cpu_share")),
                    number(record.get("rss_bytes")),
                    number(record.get("heap_used_bytes")),
                    number(record.get("disk_free_share"))));
      }
    } catch (NumberFormatException e) {
      throw new UnreadableException(file, "line " + line + " has no number where one belongs", e);
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      throw new UnreadableException(file, "line " + line + ": " + e.getMessage(), e);
    }
    return new ResourceLog(processes);
  }

  private static double number(String text) {
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }
}
