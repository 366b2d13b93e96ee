package io.kailash.transfer.uploads;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.List;

/**
 * What the beginning of a file tells about it. It decides how the whole is read, so it is looked at
 * in the same way whether to show it, to refuse it at once, or to load it.
 *
 * @param format {@link UploadOptions#CSV} or {@link UploadOptions#NDJSON}
 * @param delimiter of CSV
 * @param packed whether it is gzip
 * @param mark characters at the beginning that are not part of the text
 */
record Glance(String format, char delimiter, boolean packed, int mark) {
  /** Bytes of the unpacked beginning that are looked at. */
  static final int BYTES = 1 << 18;

  /** Stands for bytes that are no character of the file's encoding; no text can have it. */
  static final char NOT_A_CHARACTER = '\ud800';

  private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');
  private static final int SHOWN_BINARY = 32;

  /**
   * Looks at a file.
   *
   * @param sent its first bytes as they were sent
   * @param whole whether these are all
   * @throws UnreadableFileException where it is not a file of rows, or its header is wrong
   */
  static Glance at(
      byte[] sent, boolean whole, UploadKind kind, UploadOptions options, UploadSettings settings)
      throws IOException {
    if (sent.length == 0) {
      throw new UnreadableFileException("the file is empty");
    }
    byte[] bytes = unpacked(sent, whole, settings);
    refuseBinary(bytes, options);
    boolean all = whole && bytes.length < BYTES;
    String text = decoded(bytes, all, options);
    int mark = text.startsWith("\ufeff") ? 1 : 0;
    text = text.substring(mark);
    if (text.isBlank() && all) {
      throw new UnreadableFileException("the file has no row");
    }
    if (options.charset() == null && text.indexOf(NOT_A_CHARACTER) >= 0) {
      int at = text.indexOf(NOT_A_CHARACTER);
      long line = text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
      throw new UnreadableFileException(
          "line "
              + line
              + " is not UTF-8; save the file as UTF-8 or name its encoding, as in"
              + " charset=windows-1252");
    }
    String format = options.format();
    if (format == null) {
      format = text.stripLeading().startsWith("{") ? UploadOptions.NDJSON : UploadOptions.CSV;
    }
    boolean packed = Packed.isGzip(sent);
    if (format.equals(UploadOptions.NDJSON)) {
      return new Glance(format, '\n', packed, mark);
    }
    Columns columns = new Columns(kind, options.mapping());
    char delimiter =
        options.delimiter() != null ? options.delimiter().charAt(0) : guessed(text, columns);
    String beginning = text;
    try (CsvRows header =
        new CsvRows(
            () -> new StringReader(beginning), delimiter, settings.maxRowChars(), kind, columns)) {
      header.columns();
    }
    return new Glance(format, delimiter, packed, mark);
  }

  /** A reader of a file's text from its beginning, behind the mark. */
  Reader text(InputStream unpacked, Charset charset) throws IOException {
    Reader text = reader(unpacked, charset);
    text.skip(mark);
    return text;
  }

  private static Reader reader(InputStream bytes, Charset charset) {
    return new InputStreamReader(
        bytes,
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE)
            .replaceWith(String.valueOf(NOT_A_CHARACTER)));
  }

  private static byte[] unpacked(byte[] sent, boolean whole, UploadSettings settings)
      throws IOException {
    InputStream bytes = Packed.open(new Packed.Counted(new ByteArrayInputStream(sent)), settings);
    byte[] first = new byte[BYTES];
    int length = 0;
    try {
      int read = 0;
      while (read >= 0 && length < BYTES) {
        read = bytes.read(first, length, BYTES - length);
        length += Math.max(read, 0);
      }
    } catch (UnreadableFileException cut) {
      // Only the beginning is here, so it ends too soon; if all of it does, that is said.
      if (whole || length == 0) {
        throw cut;
      }
    }
    return java.util.Arrays.copyOf(first, length);
  }

  private static void refuseBinary(byte[] bytes, UploadOptions options) {
    if (bytes.length >= 4 && bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 3 && bytes[3] == 4) {
      throw new UnreadableFileException(
          "the file is a zip archive or a spreadsheet; send CSV or NDJSON, plain or gzip");
    }
    boolean wide =
        options.charset() != null
            && options.charset().toLowerCase(java.util.Locale.ROOT).matches("utf-?(16|32).*");
    if (wide) {
      return;
    }
    if (bytes.length >= 2
        && ((bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xfe
            || (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xff) == 0xff)) {
      throw new UnreadableFileException(
          "the file is UTF-16; save it as UTF-8 or say charset=utf-16");
    }
    int controls = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw new UnreadableFileException("the file is binary: byte " + i + " is zero");
      }
      if (bytes[i] >= 0 && bytes[i] < ' ' && "\t\r\n\f".indexOf(bytes[i]) < 0) {
        controls++;
      }
    }
    if (controls > SHOWN_BINARY && controls > bytes.length / 20) {
      throw new UnreadableFileException("the file is binary");
    }
  }

  private static String decoded(byte[] bytes, boolean all, UploadOptions options)
      throws IOException {
    StringBuilder text = new StringBuilder(bytes.length);
    try (Reader reader = reader(new ByteArrayInputStream(bytes), options.encoding())) {
      char[] buffer = new char[1 << 14];
      for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
        text.append(buffer, 0, read);
      }
    }
    // The last character may be cut in two where this is not all.
    while (!all && text.length() > 0 && text.charAt(text.length() - 1) == NOT_A_CHARACTER) {
      text.setLength(text.length() - 1);
    }
    return text.toString();
  }

  /**
   * The one by which most columns of the first line are known, or else which is there most often.
   */
  private static char guessed(String text, Columns columns) {
    String line = text.stripLeading().lines().findFirst().orElse("");
    char best = ',';
    int bestScore = -1;
    for (char delimiter : DELIMITERS) {
      List<String> names =
          List.of(line.split(java.util.regex.Pattern.quote(String.valueOf(delimiter)), -1)).stream()
              .map(name -> name.replace("\"", ""))
              .toList();
      int score = columns.known(names) * 1000 + Math.min(names.size(), 999);
      if (score > bestScore) {
        best = delimiter;
        bestScore = score;
      }
    }
    return best;
  }
}
