package io.kailash.certification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kailash.certification.certificate.Envelope;
import io.kailash.certification.certificate.SigningKey;
import io.kailash.certification.certificate.Statement;
import io.kailash.certification.results.Evidence;
import io.kailash.certification.targets.Scenarios;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was signed can be checked, what was changed does not hold, and a report is not a
 * certificate.
 */
class CertificateTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path results;
  private Path war;

  @BeforeEach
  void oneScenarioOfAllGates() throws IOException {
    results = folder.resolve("results");
    war = Files.writeString(folder.resolve("kailash.war"), "a build", UTF_8);
    SyntheticRun run = SyntheticRun.healthy(Scenarios.read(Path.of("jmeter")).byId().get("health"));
    ((ObjectNode) run.phase.get("build")).put("war_sha256", Evidence.sha256(war));
    run.in(results.resolve("gate-1").resolve("health"));
  }

  private int judgeAll() {
    return new Gate(
            new PrintStream(said, true, UTF_8),
            Clock.fixed(Instant.parse("2026-03-02T00:00:00Z"), ZoneOffset.UTC))
        .run("--gate", "all", "--results", results.toString());
  }

  private int verify(String... arguments) {
    said.reset();
    return new VerifyCertificate(new PrintStream(said, true, UTF_8)).run(arguments);
  }

  @Test
  void whatMissesSomethingIsSignedAsAReport() throws IOException {
    Files.writeString(results.resolve(Gate.CERTIFICATE), "of an earlier run", UTF_8);
    assertThat(judgeAll()).isEqualTo(2);
    Path signed = results.resolve(Gate.SIGNED_REPORT);
    assertThat(results.resolve(Gate.CERTIFICATE)).doesNotExist();
    assertThat(
            verify(
                "--certificate",
                signed.toString(),
                "--war",
                war.toString(),
                "--results",
                results.toString()))
        .isEqualTo(2);
    assertThat(said.toString(UTF_8)).contains("no certificate", "NOT_RUN", "settings");

    Files.writeString(war, "another build", UTF_8);
    assertThat(verify("--certificate", signed.toString(), "--war", war.toString())).isEqualTo(1);
    assertThat(said.toString(UTF_8)).contains("does not hold: it is about");

    Path samples = results.resolve("gate-1").resolve("health").resolve("samples.jtl");
    Files.writeString(samples, Files.readString(samples, UTF_8).replaceFirst(",3,", ",2,"), UTF_8);
    assertThat(verify("--certificate", signed.toString(), "--results", results.toString()))
        .isEqualTo(1);
    assertThat(said.toString(UTF_8)).contains("samples.jtl has another digest");
  }

  @Test
  void whatWasChangedOrSignedByAnotherDoesNotHold() throws IOException {
    judgeAll();
    Path signed = results.resolve(Gate.SIGNED_REPORT);
    ObjectNode envelope = (ObjectNode) JSON.readTree(signed.toFile());
    String payload =
        new String(Base64.getDecoder().decode(envelope.get("payload").asText()), UTF_8);
    envelope.put(
        "payload",
        Base64.getEncoder()
            .encodeToString(payload.replace("\"report\",", "\"certificate\",").getBytes(UTF_8)));
    Path forged = Files.writeString(results.resolve("forged.json"), envelope.toString(), UTF_8);
    assertThat(payload).contains("\"kind\" : \"report\",");
    assertThat(verify("--certificate", forged.toString())).isEqualTo(1);
    assertThat(said.toString(UTF_8)).contains("has not signed it");

    Path other = folder.resolve("other.pem");
    SigningKey.in(other);
    assertThat(
            verify(
                "--certificate", signed.toString(), "--key", SigningKey.beside(other).toString()))
        .isEqualTo(1);
    assertThat(verify("--certificate", folder.resolve("none.json").toString())).isEqualTo(1);
    Files.writeString(
        forged, "{\"payload\": \"***\", \"payloadType\": \"application/vnd.in-toto+json\"}", UTF_8);
    assertThat(verify("--certificate", forged.toString())).isEqualTo(1);
    assertThat(said.toString(UTF_8)).contains("Base64");
  }

  @Test
  void aCertificateHoldsAndOnlyACompleteOneIsOne() throws IOException {
    SigningKey key = SigningKey.in(folder.resolve("key.pem"));
    ObjectNode statement =
        (ObjectNode)
            JSON.readTree(
                String.format(
                    Locale.ROOT,
                    """
                {"_type": "https://in-toto.io/Statement/v1", "subject": [{"digest": {"sha256": "%s"}}],
                 "predicate": {"kind": "certificate", "missing": [],
                               "report": {"verdict": "PASS", "judged_at": "2026-03-02T00:00:00Z"}}}
                """,
                    Evidence.sha256(war)));
    Path certificate = folder.resolve("certificate.json");
    Files.writeString(certificate, Envelope.sign(statement, key).toString(), UTF_8);
    String[] arguments = {
      "--certificate",
      certificate.toString(),
      "--war",
      war.toString(),
      "--key",
      folder.resolve("key.pem.pub").toString()
    };
    assertThat(verify(arguments)).as(said.toString(UTF_8)).isZero();

    ((ObjectNode) statement.get("predicate")).putArray("missing").add("gate 3");
    assertThat(Statement.isCertificate(statement)).isFalse();
    Files.writeString(certificate, Envelope.sign(statement, key).toString(), UTF_8);
    assertThat(verify(arguments)).isEqualTo(2);
  }

  @Test
  void aKeyIsMadeOnceForItsOwnerAloneAndABrokenOneIsRefused() throws IOException {
    Path file = folder.resolve("key.pem");
    JsonNode first = Envelope.sign(JSON.createObjectNode().put("a", 1), SigningKey.in(file));
    JsonNode second = Envelope.sign(JSON.createObjectNode().put("a", 1), SigningKey.in(file));
    assertThat(first).isEqualTo(second);
    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    Path other = folder.resolve("other.pem");
    SigningKey.in(other);
    Files.copy(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> SigningKey.in(file)).hasMessageContaining("no pair");
    Files.writeString(file, "no key", UTF_8);
    assertThatThrownBy(() -> SigningKey.in(file)).hasMessageContaining("holds no PRIVATE KEY");
  }
}
