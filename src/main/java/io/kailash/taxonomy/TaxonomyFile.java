package io.kailash.taxonomy;

import io.kailash.platform.ProblemException;
import io.kailash.platform.Sha256;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What a file says, once it was read to its end without a complaint.
 *
 * @param digest as in {@link Taxonomy}
 */
record TaxonomyFile(TaxonomyFormat format, Categories categories, String digest) {
  private static final int GUESSED_FROM_CHARACTERS = 1 << 16;
  private static final int GUESSED_FROM_LINES = 20;

  /**
   * Reads a file as a stream: memory grows with its categories, not with its bytes.
   *
   * @param format null to guess it from the first lines
   * @throws ProblemException 422 with every offending line; 400 where the stream itself breaks off
   */
  static TaxonomyFile read(InputStream source, TaxonomyFormat format, ImportLimits limits) {
    Refusals refusals = new Refusals();
    Utf8Reader decoded = null;
    try (InputStream bytes = unpacked(new Source(source), refusals)) {
      decoded = new Utf8Reader(bytes, refusals);
      BufferedReader text = new BufferedReader(decoded, 1 << 14);
      skipByteOrderMark(text);
      TaxonomyFormat found = format == null ? guess(text, refusals) : format;
      Rows rows = new Rows(limits, refusals);
      switch (found) {
        case CSV -> CsvFile.read(text, limits, rows, refusals);
        case GOOGLE -> PathFile.readGoogle(text, limits, rows, refusals);
        case SHOPIFY -> PathFile.readShopify(text, limits, rows, refusals);
        case GPC -> GpcFile.read(text, limits, rows, refusals);
        case JSON -> JsonFile.read(text, limits, rows, refusals);
      }
      Categories categories = rows.build();
      return new TaxonomyFile(found, categories, digest(categories));
    } catch (BrokenSource broken) {
      throw ProblemException.malformed("the file broke off while it was sent; nothing was changed");
    } catch (EOFException | ZipException cut) {
      throw refusals.fatal(
          decoded == null ? 1 : decoded.line(), "ends inside damaged or cut gzip data");
    } catch (IOException impossible) {
      throw new IllegalStateException("cannot read a taxonomy file", impossible);
    }
  }

  private static InputStream unpacked(InputStream source, Refusals refusals) throws IOException {
    BufferedInputStream bytes = new BufferedInputStream(source, 1 << 14);
    bytes.mark(2);
    int magic = bytes.read() << 8 | bytes.read();
    bytes.reset();
    if (magic == 0x1f8b) {
      return new GZIPInputStream(bytes, 1 << 14);
    }
    if (magic == 0xfeff || magic == 0xfffe) {
      throw refusals.fatal(1, "the file is UTF-16; save it as UTF-8");
    }
    return bytes;
  }

  private static void skipByteOrderMark(BufferedReader text) throws IOException {
    text.mark(1);
    if (text.read() != '\ufeff') {
      text.reset();
    }
  }

  private static TaxonomyFormat guess(BufferedReader text, Refusals refusals) throws IOException {
    char[] first = new char[GUESSED_FROM_CHARACTERS];
    text.mark(first.length);
    int length = 0;
    int read = 0;
    while (read >= 0 && length < first.length) {
      read = text.read(first, length, first.length - length);
      length += Math.max(read, 0);
    }
    text.reset();
    List<String> content =
        new String(first, 0, length)
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .limit(GUESSED_FROM_LINES)
            .toList();
    if (content.isEmpty() && read < 0) {
      throw refusals.fatal(1, "the file has no category");
    }
    for (int i = 0; i < content.size(); i++) {
      TaxonomyFormat format = guess(content.get(i), i == 0);
      if (format != null) {
        return format;
      }
    }
    throw refusals.fatal(
        1,
        "the file looks like none of csv (first line code,name,parent), google, shopify, gpc or"
            + " json; name the one it is by ?format=");
  }

  private static TaxonomyFormat guess(String line, boolean first) {
    String stripped = line.strip();
    if (first && (stripped.startsWith("{") || stripped.startsWith("["))) {
      return TaxonomyFormat.JSON;
    }
    if (first) {
      List<String> columns =
          Arrays.stream(stripped.toLowerCase(Locale.ROOT).replace("\"", "").split(","))
              .map(String::strip)
              .toList();
      if (columns.contains("code") && columns.contains("name")) {
        return TaxonomyFormat.CSV;
      }
    }
    if (stripped.startsWith("gid://")) {
      return TaxonomyFormat.SHOPIFY;
    }
    if (line.indexOf('\t') >= 0 && !GpcFile.level(line).isEmpty()) {
      return TaxonomyFormat.GPC;
    }
    int dash = stripped.indexOf(" - ");
    return dash > 0 && stripped.lastIndexOf(' ', dash - 1) < 0 ? TaxonomyFormat.GOOGLE : null;
  }

  /** SHA-256 over code, name and parent of every category, each with its length, by code. */
  static String digest(Categories categories) {
    MessageDigest sha256 = Sha256.digest();
    List<Category> sorted = new ArrayList<>(categories.all());
    sorted.sort(Comparator.comparing(Category::code));
    for (Category category : sorted) {
      update(sha256, category.code());
      update(sha256, category.name());
      update(sha256, category.parent() == null ? "" : category.parentCode());
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((byte) (bytes.length >>> 24));
    digest.update((byte) (bytes.length >>> 16));
    digest.update((byte) (bytes.length >>> 8));
    digest.update((byte) bytes.length);
    digest.update(bytes);
  }

  /** Keeps a failure of the stream itself apart from one of what is in it. */
  private static final class Source extends FilterInputStream {
    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return super.read(target, offset, length);
      } catch (IOException broken) {
        throw new BrokenSource(broken);
      }
    }

    /** The caller's stream stays open. */
    @Override
    public void close() {}
  }

  private static final class BrokenSource extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenSource(IOException cause) {
      super(cause);
    }
  }
}
