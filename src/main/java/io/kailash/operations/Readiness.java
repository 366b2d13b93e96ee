package io.kailash.operations;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kailash.platform.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What the gates last said, from the file they wrote. The service judges nothing itself; without a
 * file there is nothing to say. It is called a certificate only if a key that the operator named
 * has signed it.
 *
 * <p>Settings: {@code kailash.operations.readiness} is the file (certificate.json,
 * signed-report.json or report.json), {@code kailash.operations.readiness-key} the public key in
 * PEM.
 */
@Singleton
class Readiness {
  private static final long LARGEST_BYTES = 16L << 20;
  private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<Path> file;
  private final Optional<Path> key;

  @Inject
  Readiness(Settings settings) {
    this(
        settings.optional("kailash.operations.readiness").map(Path::of),
        settings.optional("kailash.operations.readiness-key").map(Path::of));
  }

  Readiness(Optional<Path> file, Optional<Path> key) {
    this.file = file;
    this.key = key;
  }

  /**
   * What is known.
   *
   * @param kind {@code certificate}, {@code report} or {@code none}
   * @param reason why it is no certificate; absent for one
   * @param verdict of all gates that were judged
   * @param judgedAt RFC 3339
   * @param keyId of the key that signed it, if one was named and did
   * @param missing what keeps it from being a certificate
   */
  record State(
      String kind,
      String reason,
      String verdict,
      String judgedAt,
      String version,
      String warSha256,
      String keyId,
      List<String> marks,
      List<GateState> gates,
      List<String> missing) {}

  /** A gate and its verdict. */
  record GateState(int gate, String name, String verdict, int criteria, int passed) {}

  private record Read(
      JsonNode report, List<String> missing, boolean called, String keyId, String doubt) {}

  /** What the file says now. */
  State state() {
    if (file.isEmpty()) {
      return none("no report was named (kailash.operations.readiness)");
    }
    Path path = file.get();
    try {
      if (!Files.isRegularFile(path)) {
        return none(path.getFileName() + " is not there");
      }
      if (Files.size(path) > LARGEST_BYTES) {
        return none(path.getFileName() + " is larger than " + LARGEST_BYTES + " bytes");
      }
      return state(read(JSON.readTree(Files.readString(path, UTF_8))));
    } catch (JsonProcessingException e) {
      return none(path.getFileName() + " is not JSON");
    } catch (IOException e) {
      return none(path.getFileName() + " cannot be used: " + e.getMessage());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return none(
          "the signature of " + path.getFileName() + " cannot be checked: " + e.getMessage());
    }
  }

  private static State none(String reason) {
    return new State("none", reason, null, null, null, null, null, List.of(), List.of(), List.of());
  }

  private Read read(JsonNode content) throws IOException, GeneralSecurityException {
    if (!content.has("payload")) {
      return new Read(content, texts(content.path("missing")), false, null, "it is not signed");
    }
    byte[] payload = Base64.getDecoder().decode(content.path("payload").asText());
    JsonNode predicate = JSON.readTree(payload).path("predicate");
    List<String> missing = texts(predicate.path("missing"));
    boolean called = predicate.path("kind").asText().equals("certificate") && missing.isEmpty();
    if (key.isEmpty()) {
      return new Read(
          predicate.path("report"),
          missing,
          false,
          null,
          "no key was named that could have signed it (kailash.operations.readiness-key)");
    }
    PublicKey signer = publicKey(Files.readString(key.get(), US_ASCII));
    byte[] signed = signedBytes(content.path("payloadType").asText(), payload);
    for (JsonNode signature : content.path("signatures")) {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(signer);
      check.update(signed);
      if (content.path("payloadType").asText().equals(PAYLOAD_TYPE)
          && check.verify(Base64.getDecoder().decode(signature.path("sig").asText()))) {
        return new Read(
            predicate.path("report"),
            missing,
            called,
            signature.path("keyid").asText(),
            "something is missing");
      }
    }
    throw new IOException("the key that was named has not signed it");
  }

  private static State state(Read read) throws IOException {
    JsonNode report = read.report();
    if (!report.path("gates").isArray() || !report.hasNonNull("verdict")) {
      throw new IOException("it is no report of the gates");
    }
    List<GateState> gates = new ArrayList<>();
    for (JsonNode gate : report.path("gates")) {
      int criteria = 0;
      int passed = 0;
      for (JsonNode criterion : gate.path("criteria")) {
        for (JsonNode finding : criterion.path("findings")) {
          criteria++;
          passed += finding.path("passed").asBoolean() ? 1 : 0;
        }
      }
      gates.add(
          new GateState(
              gate.path("gate").asInt(),
              gate.path("name").asText(),
              gate.path("verdict").asText(),
              criteria,
              passed));
    }
    boolean certificate = read.called() && report.path("verdict").asText().equals("PASS");
    return new State(
        certificate ? "certificate" : "report",
        certificate ? null : read.doubt(),
        report.path("verdict").asText(),
        report.path("judged_at").asText(),
        report.path("build").path("version").asText(),
        report.path("build").path("war_sha256").asText(),
        read.keyId(),
        texts(report.path("marks")),
        gates,
        read.missing());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static PublicKey publicKey(String pem) throws GeneralSecurityException {
    String body = pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "");
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
  }

  /** What DSSE has signed: the type and the payload, each with its length. */
  private static byte[] signedBytes(String type, byte[] payload) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(
        ("DSSEv1 " + type.getBytes(UTF_8).length + " " + type + " " + payload.length + " ")
            .getBytes(UTF_8));
    all.writeBytes(payload);
    return all.toByteArray();
  }
}
