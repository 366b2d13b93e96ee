package io.kailash.certification.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads {@code samples.jtl}: CSV with a header, one line a sample.
 *
 * <p>Times are in milliseconds and may have decimals; a further column {@code elapsed_us} holds
 * whole microseconds and goes first where it is filled in.
 */
final class SampleFile {
  private static final List<String> NEEDED =
      List.of(
          "timeStamp",
          "elapsed",
          "label",
          "success",
          "bytes",
          "sentBytes",
          "allThreads",
          "planned");

  private SampleFile() {}

  /**
   * Gives every sample.
   *
   * @throws UnreadableException at the first line that is not a sample
   */
  static void read(Path file, Consumer<SampleRow> then) throws UnreadableException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    long line = 1;
    try (Reader reader = Files.newBufferedReader(file, UTF_8);
        CSVParser parser = CSVParser.parse(reader, format)) {
      List<String> missing = new ArrayList<>(NEEDED);
      missing.removeAll(parser.getHeaderNames());
      if (!missing.isEmpty()) {
        throw new UnreadableException(
            file, parser.getHeaderNames().isEmpty() ? "is empty" : "has no column " + missing);
      }
      boolean finer = parser.getHeaderNames().contains("elapsed_us");
      for (CSVRecord record : parser) {
        line = parser.getCurrentLineNumber();
        if (!record.isConsistent()) {
          throw new UnreadableException(file, "line " + line + " is cut off");
        }
        then.accept(row(record, finer));
      }
    } catch (NumberFormatException e) {
      throw new UnreadableException(file, "line " + line + " has no number where one belongs", e);
    } catch (IllegalArgumentException e) {
      throw new UnreadableException(file, "line " + line + ": " + e.getMessage(), e);
    } catch (IOException | UncheckedIOException e) {
      throw new UnreadableException(file, "line " + line + ": " + e.getMessage(), e);
    }
  }

  private static SampleRow row(CSVRecord record, boolean finer) {
    String micros = finer ? record.get("elapsed_us") : "";
    long elapsed =
        micros.isEmpty()
            ? Math.round(Double.parseDouble(record.get("elapsed")) * 1000)
            : Long.parseLong(micros);
    if (elapsed < 0) {
      throw new IllegalArgumentException("takes less than no time");
    }
    String planned = record.get("planned");
    return new SampleRow(
        record.get("label"),
        Long.parseLong(record.get("timeStamp")),
        elapsed,
        success(record.get("success")),
        Long.parseLong(record.get("bytes")),
        Long.parseLong(record.get("sentBytes")),
        Long.parseLong(record.get("allThreads")),
        planned.isEmpty() ? -1 : Math.round(Double.parseDouble(planned)));
  }

  private static boolean success(String said) {
    return switch (said) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("success is '" + said + "'");
    };
  }
}
