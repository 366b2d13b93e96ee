package io.kailash.certification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kailash.certification.certificate.Envelope;
import io.kailash.certification.certificate.SigningKey;
import io.kailash.certification.certificate.Statement;
import io.kailash.certification.results.Evidence;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks a signed certificate or report: its signature, that it is about the WAR at hand, and that
 * the results and the evidence it rests on are those that lie there.
 *
 * <p>Ends with 0 for a certificate that holds, 1 for anything that does not hold, 2 for what holds
 * but is only a report.
 */
public final class VerifyCertificate {
  static final String USAGE =
      """
      --certificate FILE   what is checked (target/certification/certificate.json, else signed-report.json)
      --key FILE           public key in PEM that has to have signed it
      --war FILE           the WAR it has to be about
      --results FOLDER     the results it rests on
      --evidence FOLDER    the evidence it rests on
      """;

  private final PrintStream out;

  VerifyCertificate(PrintStream out) {
    this.out = out;
  }

  /** Checks and ends. */
  public static void main(String[] arguments) {
    System.exit(new VerifyCertificate(System.out).run(arguments));
  }

  int run(String... arguments) {
    try {
      Options options =
          Options.of(List.of("certificate", "key", "war", "results", "evidence"), arguments);
      if (options.help()) {
        out.print(USAGE);
        return 0;
      }
      return check(options);
    } catch (Options.WrongOptionException e) {
      out.println("does not hold: " + e.getMessage());
    } catch (NoSuchFileException e) {
      out.println("does not hold: " + e.getMessage() + " is not there");
    } catch (JsonProcessingException e) {
      out.println("does not hold: it is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      out.println("does not hold: " + e.getMessage());
    }
    return 1;
  }

  private int check(Options options) throws IOException {
    Path file = file(options);
    Path keyFile =
        options.text("key").map(Path::of).orElse(SigningKey.beside(file.resolveSibling(Gate.KEY)));
    PublicKey key = SigningKey.publicKey(keyFile);
    JsonNode statement = Envelope.open(new ObjectMapper().readTree(Files.readAllBytes(file)), key);
    List<String> wrong = new ArrayList<>();
    String subject = statement.path("subject").path(0).path("digest").path("sha256").asText();
    if (options.text("war").isPresent()) {
      String digest = Evidence.sha256(options.path("war", ""));
      if (!digest.equals(subject)) {
        wrong.add("it is about " + subject + ", the WAR is " + digest);
      }
    }
    JsonNode report = statement.path("predicate").path("report");
    if (options.text("results").isPresent()) {
      results(report, options.path("results", ""), wrong);
    }
    if (options.text("evidence").isPresent()) {
      for (JsonNode one : report.path("evidence")) {
        same(
            options.path("evidence", "").resolve(one.path("file").asText()),
            one.path("sha256").asText(),
            wrong);
      }
    }
    out.println(
        "signed by key "
            + SigningKey.id(key)
            + (options.text("key").isPresent()
                ? ""
                : ", which lies beside it: compare the key with one you trust"));
    out.println("about the WAR " + subject);
    out.println(
        "judged at " + report.path("judged_at").asText() + ": " + report.path("verdict").asText());
    wrong.forEach(problem -> out.println("does not hold: " + problem));
    if (!wrong.isEmpty()) {
      return 1;
    }
    if (Statement.isCertificate(statement)) {
      out.println("the certificate holds");
      return 0;
    }
    out.println("the signature holds, but it is a report and no certificate; missing:");
    statement.path("predicate").path("missing").forEach(item -> out.println("  " + item.asText()));
    return 2;
  }

  private static Path file(Options options) {
    if (options.text("certificate").isPresent()) {
      return options.path("certificate", "");
    }
    Path certificate = Path.of("target", "certification", Gate.CERTIFICATE);
    return Files.exists(certificate) ? certificate : certificate.resolveSibling(Gate.SIGNED_REPORT);
  }

  private static void results(JsonNode report, Path folder, List<String> wrong) throws IOException {
    for (JsonNode run : report.path("runs")) {
      for (Map.Entry<String, JsonNode> file : run.path("sha256").properties()) {
        same(
            folder.resolve(run.path("folder").asText()).resolve(file.getKey()),
            file.getValue().asText(),
            wrong);
      }
    }
  }

  private static void same(Path file, String sha256, List<String> wrong) throws IOException {
    if (!Files.isRegularFile(file)) {
      wrong.add(file + " is not there");
    } else if (!Evidence.sha256(file).equals(sha256)) {
      wrong.add(file + " has another digest");
    }
  }
}
