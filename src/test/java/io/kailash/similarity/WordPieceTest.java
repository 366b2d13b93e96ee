package io.kailash.similarity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ids are those that Hugging Face's tokenizers 0.23 gives for the same file. */
class WordPieceTest {
  private static final WordPiece PIECES = pieces();

  private static WordPiece pieces() {
    try (InputStream file =
        WordPieceTest.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")) {
      return WordPiece.read(file);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static Arguments known(String text, long... inside) {
    return Arguments.of(
        text,
        LongStream.concat(
                LongStream.of(101), LongStream.concat(LongStream.of(inside), LongStream.of(102)))
            .toArray());
  }

  static Stream<Arguments> knownTexts() {
    return Stream.of(
        known(""),
        known("Galvanised watering can 10 l", 14891, 27760, 6924, 25813, 2064, 2184, 1048),
        known("Hello, World!", 7592, 1010, 2088, 999),
        known(
            "Größe naïve café ÅNGSTRÖM İstanbul ΟΔΟΣ",
            24665,
            2080,
            17499,
            15743,
            7668,
            17076,
            15687,
            9960,
            1169,
            29722,
            29730,
            29733),
        known("充電器 USB-C 3.5mm", 100, 100, 100, 18833, 1011, 1039, 1017, 1012, 1019, 7382),
        known("شاحن hello\u202e abc", 1283, 25573, 29820, 15915, 7592, 5925),
        known(
            "embeddings tokenization unaffable",
            7861,
            8270,
            4667,
            2015,
            19204,
            3989,
            14477,
            20961,
            3468),
        known("x".repeat(101), 100),
        known("a\u00a0b\tc\u0001d", 1037, 1038, 3729),
        known(
            "$5+4=9^2 ~ `x` €100 ™ ½",
            1002,
            1019,
            1009,
            1018,
            1027,
            1023,
            1034,
            1016,
            1066,
            1036,
            1060,
            1036,
            1574,
            18613,
            1580,
            1092),
        known("😀 smile 日本語テスト", 100, 2868, 1864, 1876, 1950, 1713, 30233, 30240),
        known(
            "don't stop-me_now/please", 2123, 1005, 1056, 2644, 1011, 2033, 1035, 2085, 1013, 3531),
        known(
            "한국어 텍스트", 1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008, 1467, 30009, 30020,
            29997, 30017, 30003, 30017),
        known("e\u0301a\u0323 ﬁne Ⅷ ②", 19413, 1984, 2638, 100, 100));
  }

  @ParameterizedTest
  @MethodSource("knownTexts")
  void textsAreCutAsTheModelWasTaught(String text, long[] ids) {
    assertThat(PIECES.ids(text, 256)).containsExactly(ids);
  }

  @Test
  void whatIsBeyondTheLimitIsLeftOutAndTheEndIsMarkedAllTheSame() {
    assertThat(PIECES.ids("hello ".repeat(1000), 256)).hasSize(256).endsWith(7592, 102);
    assertThat(PIECES.ids("embeddings", 5)).containsExactly(101, 7861, 8270, 4667, 102);
  }

  @Test
  void noTextSpeaksInTheModelsMarks() {
    assertThat(PIECES.ids("a [SEP] b [CLS]", 256))
        .startsWith(101)
        .endsWith(102)
        .satisfies(ids -> assertThat(LongStream.of(ids).filter(id -> id == 102)).hasSize(1));
  }
}
