package io.kailash.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service repeats what the gates said, and calls nothing a certificate that it cannot check.
 */
class ReadinessTest {
  private static final String REPORT =
      """
      {"verdict": "PASS", "judged_at": "2026-03-02T00:00:00Z", "marks": ["BELOW_SPEC"],
       "build": {"version": "1.0", "war_sha256": "ab"},
       "gates": [{"gate": 1, "name": "Baseline", "verdict": "PASS",
                  "criteria": [{"findings": [{"passed": true}, {"passed": true}]}]}]}
      """;

  @TempDir Path folder;

  private Path signed(KeyPair pair, String kind, String missing, boolean tampered)
      throws IOException, GeneralSecurityException {
    String payload =
        String.format(
            Locale.ROOT,
            "{\"predicate\": {\"kind\": \"%s\", \"missing\": %s, \"report\": %s}}",
            kind,
            missing,
            REPORT);
    byte[] bytes = payload.getBytes(UTF_8);
    String type = "application/vnd.in-toto+json";
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(("DSSEv1 28 " + type + " " + bytes.length + " " + payload).getBytes(UTF_8));
    byte[] sig = signature.sign();
    if (tampered) {
      bytes = payload.replace("1.0", "2.0").getBytes(UTF_8);
    }
    return Files.writeString(
        folder.resolve("certificate.json"),
        String.format(
            Locale.ROOT,
            "{\"payloadType\": \"%s\", \"payload\": \"%s\", \"signatures\": [{\"keyid\": \"k\", \"sig\": \"%s\"}]}",
            type,
            Base64.getEncoder().encodeToString(bytes),
            Base64.getEncoder().encodeToString(sig)),
        UTF_8);
  }

  private Path key(KeyPair pair) throws IOException {
    return Files.writeString(
        folder.resolve("key.pub"),
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n",
        UTF_8);
  }

  private static KeyPair pair() throws GeneralSecurityException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static Readiness.State state(Path file, Path key) {
    return new Readiness(Optional.ofNullable(file), Optional.ofNullable(key)).state();
  }

  @Test
  void withoutAFileThereIsNothingToSay() throws IOException {
    assertThat(state(null, null).kind()).isEqualTo("none");
    assertThat(state(folder.resolve("x.json"), null).reason()).isEqualTo("x.json is not there");
    Path broken = Files.writeString(folder.resolve("x.json"), "{\"a\":", UTF_8);
    assertThat(state(broken, null).reason()).isEqualTo("x.json is not JSON");
    Files.writeString(broken, "{\"verdict\": \"PASS\"}", UTF_8);
    assertThat(state(broken, null))
        .satisfies(
            state -> {
              assertThat(state.kind()).isEqualTo("none");
              assertThat(state.verdict()).isNull();
            });
  }

  @Test
  void aCertificateIsOneOnlyByTheNamedKey() throws IOException, GeneralSecurityException {
    KeyPair pair = pair();
    Path file = signed(pair, "certificate", "[]", false);
    Readiness.State certified = state(file, key(pair));
    assertThat(certified.kind()).isEqualTo("certificate");
    assertThat(certified.reason()).isNull();
    assertThat(certified.gates())
        .containsExactly(new Readiness.GateState(1, "Baseline", "PASS", 2, 2));
    assertThat(state(file, null).kind()).isEqualTo("report");
    assertThat(state(file, key(pair())).reason()).contains("has not signed it");
    assertThat(state(signed(pair, "certificate", "[]", true), key(pair)).kind()).isEqualTo("none");
  }

  @Test
  void whatMissesSomethingIsAReport() throws IOException, GeneralSecurityException {
    KeyPair pair = pair();
    Readiness.State state = state(signed(pair, "certificate", "[\"gate 3\"]", false), key(pair));
    assertThat(state.kind()).isEqualTo("report");
    assertThat(state.missing()).containsExactly("gate 3");
    Path plain = Files.writeString(folder.resolve("report.json"), REPORT, UTF_8);
    assertThat(state(plain, key(pair)).kind()).isEqualTo("report");
  }
}
