package io.kailash.certification.results;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.certification.targets.BrokenFileException;
import io.kailash.certification.targets.CheckedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a drill or a check of the configuration showed, from a file that keeps {@code
 * evidence.schema.json}.
 *
 * @param file where it lies
 * @param sha256 its digest, in hexadecimal
 * @param drill what was done
 * @param warSha256 digest of the build it was done with
 * @param wrongAttachments files named in it that are not there or have another digest
 */
public record Evidence(
    Path file,
    String sha256,
    String drill,
    String warSha256,
    Instant startedAt,
    Instant endedAt,
    List<Measurement> measurements,
    List<String> wrongAttachments) {

  /**
   * What was measured for one figure.
   *
   * @param target id of the figure
   * @param values each measurement; 1 for yes, 0 for no
   * @param note may be empty
   */
  public record Measurement(String target, List<Double> values, String unit, String note) {}

  /** All evidence of a folder, and what in it could not be read. */
  public record Folder(List<Evidence> evidence, List<String> unreadable) {
    /** Without any. */
    public static Folder none() {
      return new Folder(List.of(), List.of());
    }
  }

  /**
   * Reads every {@code .json} of a folder.
   *
   * @param schema {@code evidence.schema.json}
   */
  public static Folder readAll(Path folder, Path schema) throws IOException {
    if (!Files.isDirectory(folder)) {
      return new Folder(List.of(), List.of(folder + " is not there"));
    }
    List<Evidence> evidence = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    for (Path file : files) {
      try {
        evidence.add(read(file, schema));
      } catch (BrokenFileException e) {
        unreadable.add(e.getMessage());
      } catch (DateTimeException e) {
        unreadable.add(file + ": " + e.getMessage());
      }
    }
    return new Folder(evidence, unreadable);
  }

  private static Evidence read(Path file, Path schema) throws IOException {
    JsonNode content = CheckedFile.read(file, schema).content();
    List<Measurement> measurements = new ArrayList<>();
    for (JsonNode node : content.path("measurements")) {
      List<Double> values = new ArrayList<>();
      node.path("values")
          .forEach(v -> values.add(v.isBoolean() ? (v.asBoolean() ? 1.0 : 0.0) : v.asDouble()));
      measurements.add(
          new Measurement(
              node.path("target").asText(),
              values,
              node.path("unit").asText(),
              node.path("note").asText("")));
    }
    List<String> wrong = new ArrayList<>();
    for (JsonNode attachment : content.path("attachments")) {
      Path attached = file.resolveSibling(attachment.path("file").asText());
      if (!Files.isRegularFile(attached)) {
        wrong.add(attached.getFileName() + " is not there");
      } else if (!sha256(attached).equals(attachment.path("sha256").asText())) {
        wrong.add(attached.getFileName() + " has another digest");
      }
    }
    return new Evidence(
        file,
        sha256(file),
        content.path("drill").asText(),
        content.path("build").path("war_sha256").asText(),
        OffsetDateTime.parse(content.path("started_at").asText()).toInstant(),
        OffsetDateTime.parse(content.path("ended_at").asText()).toInstant(),
        measurements,
        wrong);
  }

  /** Digest of a file, in hexadecimal. */
  public static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (DigestInputStream through = new DigestInputStream(in, digest)) {
        through.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
