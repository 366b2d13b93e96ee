package io.kailash.similarity;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts text into the word pieces a sentence model was trained on: lower case without accents, words
 * and punctuation apart, every word by the longest pieces of the vocabulary from its left. The
 * algorithm is BERT's (Devlin et al. 2019, arXiv 1810.04805; pieces by Wu et al. 2016, arXiv
 * 1609.08144) for the uncased vocabulary.
 *
 * <p>What looks like one of the model's own marks, such as {@code [SEP]}, is text like any other
 * here, so that no text can speak to the model in its marks.
 */
final class WordPiece {
  private static final String UNKNOWN = "[UNK]";
  private static final String FIRST = "[CLS]";
  private static final String LAST = "[SEP]";
  private static final String INSIDE = "##";
  private static final int MAX_WORD_CHARACTERS = 100;

  private final Map<String, Integer> vocabulary;
  private final int unknown;
  private final int first;
  private final int last;

  WordPiece(Map<String, Integer> vocabulary) {
    this.vocabulary = Map.copyOf(vocabulary);
    unknown = mark(UNKNOWN);
    first = mark(FIRST);
    last = mark(LAST);
  }

  private int mark(String name) {
    Integer id = vocabulary.get(name);
    if (id == null) {
      throw new IllegalArgumentException("the vocabulary has no " + name);
    }
    return id;
  }

  /** Reads the vocabulary, {@code /model/vocab}, of a tokenizer file of Hugging Face's. */
  static WordPiece read(InputStream tokenizer) throws IOException {
    Map<String, Integer> vocabulary = new HashMap<>(1 << 16);
    try (JsonParser json = new JsonFactory().createParser(tokenizer)) {
      String field = null;
      boolean inVocabulary = false;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          field = json.currentName();
        } else if (token == JsonToken.START_OBJECT && "vocab".equals(field)) {
          inVocabulary = true;
        } else if (token == JsonToken.END_OBJECT) {
          inVocabulary = false;
        } else if (inVocabulary && token == JsonToken.VALUE_NUMBER_INT) {
          vocabulary.put(field, json.getIntValue());
        }
      }
    }
    return new WordPiece(vocabulary);
  }

  /**
   * The ids of a text's pieces between the marks of its begin and its end.
   *
   * @param most how many ids at most, marks included; what is beyond is left out
   */
  long[] ids(String text, int most) {
    List<Integer> pieces = new ArrayList<>();
    for (String word : words(text)) {
      if (pieces.size() >= most - 2) {
        break;
      }
      addPieces(word, pieces);
    }
    int kept = Math.min(pieces.size(), most - 2);
    long[] ids = new long[kept + 2];
    ids[0] = first;
    for (int i = 0; i < kept; i++) {
      ids[i + 1] = pieces.get(i);
    }
    ids[kept + 1] = last;
    return ids;
  }

  private void addPieces(String word, List<Integer> pieces) {
    if (word.codePointCount(0, word.length()) > MAX_WORD_CHARACTERS) {
      pieces.add(unknown);
      return;
    }
    int before = pieces.size();
    int begin = 0;
    while (begin < word.length()) {
      int end = word.length();
      Integer id = null;
      while (end > begin) {
        String piece = word.substring(begin, end);
        id = vocabulary.get(begin == 0 ? piece : INSIDE + piece);
        if (id != null) {
          break;
        }
        end = word.offsetByCodePoints(end, -1);
      }
      if (id == null) {
        // A word of which one piece is not known is not known as a whole.
        while (pieces.size() > before) {
          pieces.remove(pieces.size() - 1);
        }
        pieces.add(unknown);
        return;
      }
      pieces.add(id);
      begin = end;
    }
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    String plain = Normalizer.normalize(cleaned(text), Normalizer.Form.NFD);
    for (int i = 0; i < plain.length(); ) {
      int c = plain.codePointAt(i);
      i += Character.charCount(c);
      if (Character.getType(c) == Character.NON_SPACING_MARK) {
        continue;
      }
      if (isSpace(c)) {
        end(word, words);
      } else if (isIdeograph(c) || isPunctuation(c)) {
        end(word, words);
        words.add(Character.toString(Character.toLowerCase(c)));
      } else {
        word.appendCodePoint(Character.toLowerCase(c));
      }
    }
    end(word, words);
    return words;
  }

  private static void end(StringBuilder word, List<String> words) {
    if (word.length() > 0) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  /** Without control characters, which vanish, and with a space for every white space. */
  private static String cleaned(String text) {
    StringBuilder cleaned = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isSpace(c)) {
                cleaned.append(' ');
              } else if (c != 0xFFFD && !isControl(c)) {
                cleaned.appendCodePoint(c);
              }
            });
    return cleaned.toString();
  }

  private static boolean isSpace(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> false;
    };
  }

  private static boolean isPunctuation(int c) {
    if ((c >= 33 && c <= 47)
        || (c >= 58 && c <= 64)
        || (c >= 91 && c <= 96)
        || (c >= 123 && c <= 126)) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** The blocks of ideographs, which stand for words of their own. */
  private static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }
}
