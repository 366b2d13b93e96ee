package io.kailash.certification.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.PublicKey;
import java.util.Base64;

/**
 * A DSSE envelope: what is signed is the type and the bytes of the payload, each with its length,
 * so that nothing can be read as something else (the specification of DSSE, version 1).
 */
public final class Envelope {
  static final String TYPE = "application/vnd.in-toto+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Envelope() {}

  /** Wraps and signs a statement. */
  public static JsonNode sign(JsonNode statement, SigningKey key) throws IOException {
    byte[] payload = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(statement);
    ObjectNode envelope = JSON.createObjectNode();
    envelope.put("payloadType", TYPE);
    envelope.put("payload", Base64.getEncoder().encodeToString(payload));
    envelope
        .putArray("signatures")
        .addObject()
        .put("keyid", key.id())
        .put("sig", Base64.getEncoder().encodeToString(key.sign(signedBytes(TYPE, payload))));
    return envelope;
  }

  /**
   * The statement of an envelope that the key has signed.
   *
   * @throws WrongEnvelopeException if it is no such envelope or none of its signatures is the key's
   */
  public static JsonNode open(JsonNode envelope, PublicKey key) throws IOException {
    byte[] payload;
    try {
      payload = Base64.getDecoder().decode(envelope.path("payload").asText());
      if (!envelope.path("payloadType").asText().equals(TYPE) || payload.length == 0) {
        throw new WrongEnvelopeException("it is no envelope of an in-toto statement");
      }
      byte[] signed = signedBytes(TYPE, payload);
      for (JsonNode signature : envelope.path("signatures")) {
        if (SigningKey.verify(
            key, signed, Base64.getDecoder().decode(signature.path("sig").asText()))) {
          return JSON.readTree(payload);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new WrongEnvelopeException("it holds what is not Base64");
    }
    throw new WrongEnvelopeException("the key " + SigningKey.id(key) + " has not signed it");
  }

  /** An envelope that is not what it should be. */
  public static final class WrongEnvelopeException extends IOException {
    private static final long serialVersionUID = 1L;

    WrongEnvelopeException(String message) {
      super(message);
    }
  }

  static byte[] signedBytes(String type, byte[] payload) {
    byte[] typeBytes = type.getBytes(UTF_8);
    byte[] head =
        ("DSSEv1 " + typeBytes.length + " " + type + " " + payload.length + " ").getBytes(UTF_8);
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.length + payload.length);
    all.writeBytes(head);
    all.writeBytes(payload);
    return all.toByteArray();
  }
}
