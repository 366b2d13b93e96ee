package io.kailash.certification.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An Ed25519 key pair: the private key as PKCS #8 in PEM, the public key beside it in {@code .pub}.
 */
public final class SigningKey {
  private static final String ALGORITHM = "Ed25519";
  private final PrivateKey secret;
  private final PublicKey open;

  private SigningKey(PrivateKey secret, PublicKey open) {
    this.secret = secret;
    this.open = open;
  }

  /**
   * The key of a file; a new one is made and written where there is none.
   *
   * @throws IOException if the file is no such key, or the public key is not beside it
   */
  public static SigningKey in(Path file) throws IOException {
    try {
      if (!Files.exists(file)) {
        return make(file);
      }
      PrivateKey secret =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(pem(file, "PRIVATE KEY")));
      SigningKey key = new SigningKey(secret, publicKey(beside(file)));
      byte[] probe = "pair".getBytes(US_ASCII);
      if (!verify(key.open, probe, key.sign(probe))) {
        throw new IOException(file + " and " + beside(file) + " are no pair");
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is no Ed25519 key: " + e.getMessage(), e);
    }
  }

  /** Where the public key of a private key is kept. */
  public static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + ".pub");
  }

  /**
   * Reads a public key.
   *
   * @throws IOException if the file is no such key
   */
  public static PublicKey publicKey(Path file) throws IOException {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(pem(file, "PUBLIC KEY")));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is no public key of Ed25519: " + e.getMessage(), e);
    }
  }

  private static SigningKey make(Path file) throws IOException, GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    try {
      if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException e) {
      return in(file);
    }
    Files.writeString(file, text("PRIVATE KEY", pair.getPrivate().getEncoded()), US_ASCII);
    Files.writeString(
        beside(file),
        text("PUBLIC KEY", pair.getPublic().getEncoded()),
        US_ASCII,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING);
    return new SigningKey(pair.getPrivate(), pair.getPublic());
  }

  byte[] sign(byte[] message) throws IOException {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(secret);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot sign: " + e.getMessage(), e);
    }
  }

  static boolean verify(PublicKey key, byte[] message, byte[] signed) throws IOException {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(message);
      return signature.verify(signed);
    } catch (java.security.SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot check: " + e.getMessage(), e);
    }
  }

  String id() {
    return id(open);
  }

  /** SHA-256 of a public key as X.509 encodes it, in hexadecimal. */
  public static String id(PublicKey key) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String text(String what, byte[] key) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
        + "\n-----END "
        + what
        + "-----\n";
  }

  private static byte[] pem(Path file, String what) throws IOException {
    String text = Files.readString(file, US_ASCII);
    String begin = "-----BEGIN " + what + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + what + "-----");
    if (from < 0 || to < from) {
      throw new IOException(file + " holds no " + what);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is not PEM", e);
    }
  }
}
