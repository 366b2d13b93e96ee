package io.kailash.transfer.uploads;

import io.kailash.platform.ProblemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Digests as headers give them: of RFC 9530, and of tus's checksum extension. */
final class Digests {
  /** Algorithms of tus, as it names them. */
  static final String TUS_ALGORITHMS = "sha256,sha1";

  private static final Pattern SHA_256 = Pattern.compile("(?:^|,)\\s*sha-256\\s*=\\s*:([^:]*):");
  private static final int BYTES = 32;

  private Digests() {}

  /**
   * The SHA-256 of a Content-Digest or Repr-Digest header; null where there is no header.
   *
   * @throws ProblemException 400 where it names no SHA-256, or none that can be one
   */
  static byte[] sha256(String header, String name) {
    if (header == null) {
      return null;
    }
    Matcher found = SHA_256.matcher(header);
    if (found.find()) {
      byte[] digest = decoded(found.group(1), name);
      if (digest.length == BYTES) {
        return digest;
      }
    }
    throw ProblemException.malformed(
        name + " has no SHA-256; it is written as sha-256=:<base64 of 32 bytes>:");
  }

  /**
   * A checksum of one request of tus.
   *
   * @param digest to be fed with the request's bytes
   */
  record Checksum(MessageDigest digest, byte[] wanted) {
    boolean holds() {
      return MessageDigest.isEqual(digest.digest(), wanted);
    }
  }

  /**
   * Reads Upload-Checksum; null where there is no header.
   *
   * @throws ProblemException 400 for an algorithm that is not known
   */
  static Checksum checksum(String header) {
    if (header == null) {
      return null;
    }
    String[] parts = header.strip().split(" +", 2);
    String algorithm =
        switch (parts[0]) {
          case "sha256" -> "SHA-256";
          case "sha1" -> "SHA-1";
          default -> null;
        };
    if (algorithm == null || parts.length < 2) {
      throw ProblemException.malformed(
          "Upload-Checksum is not an algorithm out of " + TUS_ALGORITHMS + " and a base64 digest");
    }
    try {
      return new Checksum(
          MessageDigest.getInstance(algorithm), decoded(parts[1], "Upload-Checksum"));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] decoded(String base64, String name) {
    try {
      return Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException notBase64) {
      throw ProblemException.malformed(name + " is not base64");
    }
  }

  /** As RFC 9530 writes it. */
  static String shown(byte[] sha256) {
    return "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
  }
}
