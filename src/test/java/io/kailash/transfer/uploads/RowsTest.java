package io.kailash.transfer.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class RowsTest {
  private static final UploadSettings SETTINGS =
      new UploadSettings(1L << 30, 1L << 30, 20, 2000, Duration.ofDays(1), 10, 2, 1, 100, 1000);
  private static final UploadOptions GUESSED =
      new UploadOptions(null, null, null, Map.of(), null, null);

  private static List<String> csv(String text) throws IOException {
    return csv(text, Map.of());
  }

  /** Each row as its line, then its values or what is wrong with it. */
  private static List<String> csv(String text, Map<String, String> mapping) throws IOException {
    try (CsvRows rows =
        new CsvRows(
            () -> new StringReader(text),
            ',',
            SETTINGS.maxRowChars(),
            UploadKind.LABELS,
            new Columns(UploadKind.LABELS, mapping))) {
      return all(rows);
    }
  }

  private static List<String> json(String text) throws IOException {
    try (JsonRows rows =
        new JsonRows(
            new StringReader(text),
            SETTINGS.maxRowChars(),
            UploadKind.ITEMS,
            new Columns(UploadKind.ITEMS, Map.of()))) {
      return all(rows);
    }
  }

  private static List<String> all(RowReader rows) throws IOException {
    List<String> all = new ArrayList<>();
    for (Row row = rows.next(); row != null; row = rows.next()) {
      all.add(
          row.line()
              + ": "
              + (row.wrong() == null
                  ? String.join(
                          "|", java.util.Arrays.stream(row.values()).map(String::valueOf).toList())
                      + (row.attributes().isEmpty() ? "" : row.attributes())
                  : "wrong " + row.wrong().column() + " " + row.wrong().reason()));
    }
    return all;
  }

  private static Glance at(byte[] bytes) throws IOException {
    return Glance.at(bytes, true, UploadKind.LABELS, GUESSED, SETTINGS);
  }

  private static Glance at(String text) throws IOException {
    return at(text.getBytes(UTF_8));
  }

  @Test
  void aLastLineWithoutABreakIsARow() throws IOException {
    assertThat(csv("sku,category\na,b\nc,d")).containsExactly("2: a|b|null", "3: c|d|null");
    assertThat(csv("sku,category\r\na,b\r\n\r\nc,d\r\n"))
        .containsExactly("2: a|b|null", "4: c|d|null");
  }

  @Test
  void nothingIsAbsentAndQuotedNothingIsEmpty() throws IOException {
    assertThat(csv("taxonomy,category,sku\n,\"\",\"a \"\"b\"\",\n2\"\n"))
        .containsExactly("2: a \"b\",\n2||null");
  }

  @Test
  void aRowOfAnotherLengthIsNamedAndTheNextOneIsRead() throws IOException {
    assertThat(csv("sku,category\na\nb,c,d\ne,f\n"))
        .containsExactly(
            "2: wrong null has 1 columns; the header has 2",
            "3: wrong null has 3 columns; the header has 2",
            "4: e|f|null");
  }

  @Test
  void brokenQuotesCostTheRowTheyAreInAndNoOther() throws IOException {
    assertThat(csv("sku,category\na,b\n\"c\"x,d\ne,f\n\"g,h\ni,j\n"))
        .satisfies(
            rows -> {
              assertThat(rows.get(0)).isEqualTo("2: a|b|null");
              assertThat(rows.get(1)).startsWith("3: wrong null is not CSV");
              assertThat(rows.get(2)).isEqualTo("4: e|f|null");
              assertThat(rows.get(3)).startsWith("5: wrong null is not CSV");
              assertThat(rows.get(4)).isEqualTo("6: i|j|null");
              assertThat(rows).hasSize(5);
            });
  }

  @Test
  void aQuoteThatIsNeverClosedEndsWithItsLine() throws IOException {
    String rest = "x,y\n".repeat(2000);
    List<String> rows = csv("sku,category\na,\"b\n" + rest);
    assertThat(rows).hasSize(2001);
    assertThat(rows.get(0)).startsWith("2: wrong");
    assertThat(rows.get(2000)).isEqualTo("2002: x|y|null");
  }

  @Test
  void anOverlongRowIsNamedAndTheNextOneIsRead() throws IOException {
    assertThat(csv("sku,category\na," + "b".repeat(100_000) + "\nc,d\n"))
        .satisfies(
            rows -> {
              assertThat(rows.get(0)).startsWith("2: wrong");
              assertThat(rows.get(1)).isEqualTo("3: c|d|null");
              assertThat(rows).hasSize(2);
            });
    assertThat(json("{\"sku\":\"" + "b".repeat(100_000) + "\"}\n{\"sku\":\"c\"}").get(1))
        .startsWith("2: c|null");
  }

  @Test
  void aFileFullOfBrokenQuotesIsGivenUp() {
    assertThatThrownBy(() -> csv("sku,category\n" + "\"a\"b,c\n".repeat(50)))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("line 22");
  }

  @Test
  void aHeaderIsWrongInEveryWayAtOnce() {
    assertThatThrownBy(() -> csv("SKU,Sku,colour\n"))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("column 'colour' is not known")
        .hasMessageContaining("'SKU' and 'Sku' are the same")
        .hasMessageContaining("there is no column 'category'");
  }

  @Test
  void columnsAreMapped() throws IOException {
    assertThat(
            csv(
                "Art. No,Group,Note\na,b,c\n",
                Map.of("Art. No", "sku", "Group", "category", "Note", "-")))
        .containsExactly("2: a|b|null");
    assertThatThrownBy(() -> csv("sku,category\n", Map.of("Group", "category")))
        .hasMessageContaining("'Group', which is not there");
  }

  @Test
  void linesOfJsonAreStrict() throws IOException {
    assertThat(
            json(
                """
                {"sku":"a","title":"T","attributes":{"n":1.5,"b":true},"in_stock":false,"version":3}

                {"sku":7}
                {"sku":"a","colour":"red"}
                [1]
                {"sku":"a"
                {"sku":"a","sku":"b"}
                {"sku":"a"} x
                {"in_stock":"yes"}
                """))
        .containsExactly(
            "1: a|T|null|null|null|null|null|false|null{n=1.5, b=true}",
            "3: wrong sku is not a text",
            "4: wrong colour is not a known field; known are [sku, title, brand, description,"
                + " supplier_category, url, attributes, in_stock, hidden]",
            "5: wrong null is not a JSON object",
            "6: wrong sku is not JSON from character 11",
            "7: wrong sku stands in the object twice",
            "8: wrong sku is not JSON from character 14",
            "9: wrong in_stock is neither true nor false");
  }

  @Test
  void theBeginningTellsTheFormat() throws IOException {
    assertThat(at("sku;category\na,b;c\n").delimiter()).isEqualTo(';');
    assertThat(at("\ufeffsku\tcategory\na\tb\n")).isEqualTo(new Glance("csv", '\t', false, 1));
    assertThat(at(" \n{\"sku\":1}\n").format()).isEqualTo("ndjson");
    assertThat(at(gzip("sku,category\na,b")).packed()).isTrue();
  }

  @Test
  void whatIsNoTableIsRefusedWithItsReason() {
    assertThatThrownBy(() -> at(new byte[0])).hasMessage("the file is empty");
    assertThatThrownBy(() -> at("PK\u0003\u0004abc")).hasMessageContaining("spreadsheet");
    assertThatThrownBy(() -> at("sku,category\na,\u0000\n")).hasMessageContaining("binary");
    assertThatThrownBy(() -> at("sku,category\na,b\n".getBytes(Charset.forName("UTF-16"))))
        .hasMessageContaining("UTF-16");
    assertThatThrownBy(
            () -> at("sku,category\na,b\nc,dé\n".getBytes(Charset.forName("ISO-8859-1"))))
        .hasMessageContaining("line 3 is not UTF-8");
    byte[] whole = gzip("sku,category\n" + "a,b\n".repeat(100));
    assertThatThrownBy(() -> at(java.util.Arrays.copyOf(whole, whole.length - 12)))
        .hasMessageContaining("cut gzip");
  }

  @Test
  void anArchiveBombIsStoppedOnceItShows() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 100; i++) {
        out.write(zeros);
      }
    }
    var in =
        Packed.open(new Packed.Counted(new ByteArrayInputStream(packed.toByteArray())), SETTINGS);
    assertThatThrownBy(in::readAllBytes).hasMessageContaining("20 times");
  }

  @Test
  void chunksMayBeMarkedInAnyOrder() {
    Marks marks =
        Marks.NONE
            .with(new Marks.Stretch(20, 30), 10, 0, 0, 0)
            .with(new Marks.Stretch(0, 10), 8, 1, 1, 1);
    assertThat(marks.done()).isEqualTo(10);
    assertThat(marks.has(10)).isTrue();
    assertThat(marks.has(11)).isFalse();
    assertThat(marks.has(21)).isTrue();
    assertThat(marks.has(31)).isFalse();
    assertThat(marks.with(new Marks.Stretch(10, 20), 10, 0, 0, 0))
        .isEqualTo(new Marks(30, List.of(), 28, 1, 1, 1));
  }

  @Test
  void knownKeysAreForgottenOnlyAfterManyOthers() {
    KnownKeys keys = new KnownKeys(20_000);
    for (int i = 0; i < 10_000; i++) {
      assertThat(keys.add("key-" + i)).isTrue();
    }
    assertThat(keys.add("key-0")).isFalse();
    for (int i = 10_000; i < 20_000; i++) {
      assertThat(keys.add("key-" + i)).isTrue();
      assertThat(keys.add("key-" + i)).isFalse();
      assertThat(keys.add("key-" + (i - 9_000))).isFalse();
    }
    for (int i = 20_000; i < 31_000; i++) {
      keys.add("key-" + i);
    }
    assertThat(keys.add("key-0")).isTrue();
  }

  private static byte[] gzip(String text) {
    try {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
        out.write(text.getBytes(UTF_8));
      }
      return packed.toByteArray();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
