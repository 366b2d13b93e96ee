package io.kailash.classification.model;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * Turns an item into hashes of its features. Holds buffers that are reused, so it belongs to one
 * thread at a time.
 *
 * <p>A feature is a word, two neighbouring words, or 3 or 4 neighbouring characters of a word with
 * its edges. Each kind has a vocabulary of its own: the same word in title and description makes
 * two features. Hashes have 48 bits: with a million known features an unknown one is taken for a
 * known one once in 280 million times.
 */
final class FeatureReader {

  static final int TITLE_WORD = 0;
  static final int TITLE_PART = 1;
  static final int DESCRIPTION_WORD = 2;
  static final int SUPPLIER_WORD = 3;
  static final int URL_WORD = 4;
  static final int URL_PART = 5;

  /** A word wherever it stands, so that what a description taught helps to read a title. */
  static final int ANY_WORD = 6;

  static final int KINDS = 7;

  static final long HASH_MASK = (1L << 48) - 1;

  static final int MAX_FEATURES_PER_ITEM = 8_192;
  private static final int SHORTEST_PART = 3;
  private static final int LONGEST_PART = 4;

  /** A word longer than this is no word of a language; its parts would crowd out the rest. */
  private static final int LONGEST_CUT_WORD = 40;

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final long PART_SEED = 0x52DCE729DA3ED6F3L;
  private static final char EDGE = '\u0001';

  private final int maxTitleChars;
  private final int maxDescriptionChars;
  private final int longestPart;

  private char[] text = new char[512];
  private int[] wordStart = new int[64];
  private int[] wordEnd = new int[64];
  private long[] wordHash = new long[64];
  private int words;
  private int textLength;

  private long[] hashes = new long[512];
  private byte[] kinds = new byte[512];
  private int[] starts = new int[512];
  private int[] ends = new int[512];
  private int count;
  private boolean keepPositions;
  private int descriptionStart;
  private int supplierStart;
  private int urlStart;

  FeatureReader(int maxTitleChars, int maxDescriptionChars) {
    this(maxTitleChars, maxDescriptionChars, LONGEST_PART);
  }

  FeatureReader(int maxTitleChars, int maxDescriptionChars, int longestPart) {
    this.maxTitleChars = maxTitleChars;
    this.maxDescriptionChars = maxDescriptionChars;
    this.longestPart = longestPart;
  }

  /**
   * Reads an item; afterwards {@link #count()}, {@link #hash} and {@link #kind} tell what it has,
   * repeats included.
   */
  void read(ItemText item) {
    keepPositions = false;
    readAll(item);
  }

  /** Like {@link #read} but also remembers where each feature stands, for {@link #textOf}. */
  void readWithPositions(ItemText item) {
    keepPositions = true;
    readAll(item);
  }

  int count() {
    return count;
  }

  long hash(int i) {
    return hashes[i];
  }

  int kind(int i) {
    return kinds[i];
  }

  long[] hashes() {
    return hashes;
  }

  byte[] kinds() {
    return kinds;
  }

  /** Where a feature stands; only after {@link #readWithPositions}. */
  Evidence.Field fieldOf(int i) {
    if (starts[i] < descriptionStart) {
      return Evidence.Field.TITLE;
    }
    if (starts[i] < supplierStart) {
      return Evidence.Field.DESCRIPTION;
    }
    return starts[i] < urlStart ? Evidence.Field.SUPPLIER_CATEGORY : Evidence.Field.URL;
  }

  /** The word or words a feature belongs to; only after {@link #readWithPositions}. */
  String textOf(int i) {
    return new String(text, starts[i], ends[i] - starts[i]);
  }

  private void readAll(ItemText item) {
    count = 0;
    textLength = 0;
    int from = 0;
    if (item.brand() != null && !item.brand().isEmpty()) {
      append(item.brand(), Math.min(200, maxTitleChars));
      appendSpace();
    }
    append(item.title(), maxTitleChars);
    splitWords(from);
    addWords(TITLE_WORD, true);
    addWords(ANY_WORD, false);
    addParts(TITLE_PART);
    descriptionStart = textLength;
    if (item.description() != null && maxDescriptionChars > 0) {
      from = nextField();
      append(item.description(), maxDescriptionChars);
      splitWords(from);
      addWords(DESCRIPTION_WORD, false);
      addWords(ANY_WORD, false);
    }
    supplierStart = textLength;
    if (item.supplierCategory() != null) {
      from = nextField();
      append(item.supplierCategory(), maxTitleChars);
      splitWords(from);
      addWords(SUPPLIER_WORD, true);
      addWords(ANY_WORD, false);
    }
    urlStart = textLength;
    if (item.url() != null) {
      from = nextField();
      String url = item.url();
      append(url, maxTitleChars);
      splitWords(addHost(url, from));
      addWords(URL_WORD, false);
      addWords(ANY_WORD, false);
      addParts(URL_PART);
    }
  }

  private int nextField() {
    appendSpace();
    return textLength;
  }

  private void appendSpace() {
    ensureText(textLength + 1);
    text[textLength++] = ' ';
  }

  /** Appends in lower case and with everything that is neither letter nor digit as a space. */
  private void append(String raw, int limit) {
    int length = Math.min(raw.length(), limit);
    ensureText(textLength + length);
    int out = textLength;
    for (int i = 0; i < length; i++) {
      char c = raw.charAt(i);
      if (c < 128) {
        text[out++] = ASCII[c];
      } else {
        appendBeyondAscii(raw, i, length, out);
        return;
      }
    }
    textLength = out;
  }

  private void appendBeyondAscii(String raw, int from, int length, int out) {
    // NFKC can make a text up to 18 times as long; the cut before it bounds the work, the cut after
    // it the result.
    String rest = Normalizer.normalize(raw.substring(from, length), Normalizer.Form.NFKC);
    int restLength = Math.min(rest.length(), length);
    ensureText(out + restLength * 2);
    for (int i = 0; i < restLength; ) {
      int codePoint = rest.codePointAt(i);
      i += Character.charCount(codePoint);
      if (codePoint < 128) {
        text[out++] = ASCII[codePoint];
      } else if (Character.isLetterOrDigit(codePoint)) {
        int lower = Character.toLowerCase(codePoint);
        if (Character.isIdeographic(lower)) {
          // Scripts without spaces: each sign is a word, and two neighbours a pair.
          ensureText(out + 4 + (restLength - i) * 2);
          text[out++] = ' ';
          out += Character.toChars(lower, text, out);
          text[out++] = ' ';
        } else {
          out += Character.toChars(lower, text, out);
        }
      } else if (Character.getType(codePoint) == Character.NON_SPACING_MARK) {
        text[out++] = (char) codePoint;
      } else {
        text[out++] = ' ';
      }
      ensureText(out + 4 + (restLength - i) * 2);
    }
    textLength = out;
  }

  private void ensureText(int size) {
    if (size > text.length) {
      text = Arrays.copyOf(text, Math.max(size, text.length * 2));
    }
  }

  private void splitWords(int from) {
    words = 0;
    int at = from;
    int end = textLength;
    while (at < end) {
      while (at < end && text[at] == ' ') {
        at++;
      }
      if (at == end) {
        break;
      }
      int start = at;
      long hash = MULTIPLIER;
      while (at < end && text[at] != ' ') {
        hash = (hash ^ text[at]) * MULTIPLIER;
        hash ^= hash >>> 29;
        at++;
      }
      if (words == wordStart.length) {
        wordStart = Arrays.copyOf(wordStart, words * 2);
        wordEnd = Arrays.copyOf(wordEnd, words * 2);
        wordHash = Arrays.copyOf(wordHash, words * 2);
      }
      wordStart[words] = start;
      wordEnd[words] = at;
      wordHash[words] = hash;
      words++;
    }
  }

  private void addWords(int kind, boolean pairs) {
    for (int i = 0; i < words; i++) {
      add(wordHash[i], kind, wordStart[i], wordEnd[i]);
      if (pairs && i > 0) {
        add(
            wordHash[i - 1] * 31 + Long.rotateLeft(wordHash[i], 17),
            kind,
            wordStart[i - 1],
            wordEnd[i]);
      }
    }
  }

  /**
   * The host as one feature: a shop sells few kinds of things. Leaves the text behind the scheme
   * and the host's "www".
   */
  private int addHost(String url, int from) {
    int scheme = url.indexOf("://");
    int hostStart = scheme < 0 ? 0 : scheme + 3;
    if (url.startsWith("www.", hostStart)) {
      hostStart += 4;
    }
    int length = Math.min(url.length(), maxTitleChars);
    int hostEnd = hostStart;
    while (hostEnd < length && url.charAt(hostEnd) != '/' && url.charAt(hostEnd) != '?') {
      hostEnd++;
    }
    if (hostStart >= hostEnd) {
      return from;
    }
    long hash = ~MULTIPLIER;
    for (int i = hostStart; i < hostEnd; i++) {
      hash = (hash ^ Character.toLowerCase(url.charAt(i))) * MULTIPLIER;
      hash ^= hash >>> 29;
    }
    add(
        hash,
        URL_WORD,
        Math.min(from + hostStart, textLength),
        Math.min(from + hostEnd, textLength));
    return Math.min(from + hostStart, textLength);
  }

  private void addParts(int kind) {
    for (int word = 0; word < words; word++) {
      int start = wordStart[word];
      int end = Math.min(wordEnd[word], start + LONGEST_CUT_WORD);
      int length = end - start;
      // Positions -1 and length stand for the edges of the word.
      for (int first = -1; first <= length - 2; first++) {
        long hash = PART_SEED;
        int last = Math.min(first + longestPart, length + 1);
        for (int at = first; at < last; at++) {
          char c = at < 0 || at >= length ? EDGE : text[start + at];
          hash = (hash ^ c) * MULTIPLIER;
          hash ^= hash >>> 29;
          if (at - first + 1 >= SHORTEST_PART) {
            // What a part adds is shown with its word.
            add(hash, kind, start, wordEnd[word]);
          }
        }
      }
    }
  }

  private void add(long raw, int kind, int start, int end) {
    if (count >= MAX_FEATURES_PER_ITEM) {
      return;
    }
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, count * 2);
      kinds = Arrays.copyOf(kinds, count * 2);
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    long hash = (raw + kind * 0x632BE59BD9B4E019L) * 0xD6E8FEB86659FD93L;
    hashes[count] = (hash ^ (hash >>> 32)) & HASH_MASK;
    kinds[count] = (byte) kind;
    if (keepPositions) {
      starts[count] = start;
      ends[count] = end;
    }
    count++;
  }

  private static final char[] ASCII = new char[128];

  static {
    for (int c = 0; c < 128; c++) {
      if (c >= 'A' && c <= 'Z') {
        ASCII[c] = (char) (c + 32);
      } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        ASCII[c] = (char) c;
      } else {
        ASCII[c] = ' ';
      }
    }
  }
}
