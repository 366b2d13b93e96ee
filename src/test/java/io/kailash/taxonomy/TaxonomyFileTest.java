package io.kailash.taxonomy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaxonomyFileTest {
  private static final ImportLimits LIMITS = new ImportLimits(250_000, 6, 40, 60, 2000);

  private static final String CSV =
      """
      code,name,parent
      home,Home & Garden,
      kitchen,Kitchen,home
      knives,"Knives, Scissors & ""Blades\""",kitchen
      garden,Garden,home
      """;
  private static final String GOOGLE =
      """
      # Google_Product_Taxonomy_Version: 2099-01-01
      10 - Home
      11 - Home > Kitchen
      12 - Home > Kitchen > Knives - Sharp
      13 - Toys
      """;
  private static final String SHOPIFY =
      """
      # Format: {GID} : {Ancestor name} > ... > {Category name}

      gid://shop/TaxonomyCategory/ho       : Home
      gid://shop/TaxonomyCategory/ho-1     : Home > Kitchen
      gid://shop/TaxonomyCategory/ho-1-1   : Home > Kitchen > Knives: Sharp
      gid://shop/TaxonomyCategory/to       : Toys
      """;
  private static final String GPC =
      """
      11000000\thome\t (GPC segment)
      11010000\tkitchen\tAll for the kitchen. (GPC family)
      11010100\tknives\t (GPC class)
      10000001\tbread knife\tIncludes "knives for bread. (GPC brick)
      10000002\tpaper knife\tIncludes knives (blunt). (GPC brick)
      11010200\tspoons\t (GPC class)
      10000003\tsoup spoon\t (GPC brick)
      11020000\tgarden\t (GPC family)
      """;
  private static final String JSON =
      """
      [
        {"code": "home", "name": "Home & Garden"},
        {"code": "kitchen", "name": "Kitchen", "parent": "home"},
        {"parent": null, "name": "Toys", "code": "toys"}
      ]
      """;
  private static final String NDJSON =
      """
      {"code": "kitchen", "name": "Kitchen", "parent": "home"}
      {"code": "home", "name": "Home & Garden"}
      {"code": "toys", "name": "Toys"}
      """;

  @Test
  void csvIsReadWithQuotesAndCommas() {
    TaxonomyFile file = read(CSV);

    assertThat(file.format()).isEqualTo(TaxonomyFormat.CSV);
    assertThat(file.categories().perLevel()).containsExactly(1, 2, 1);
    assertThat(file.categories().leaves()).isEqualTo(2);
    Category knives = file.categories().find("knives").orElseThrow();
    assertThat(knives.path())
        .containsExactly("Home & Garden", "Kitchen", "Knives, Scissors & \"Blades\"");
    assertThat(knives.level()).isEqualTo(3);
    assertThat(knives.leaf()).isTrue();
    assertThat(knives.parentCode()).isEqualTo("kitchen");
    assertThat(file.categories().find("home").orElseThrow().leaf()).isFalse();
  }

  @Test
  void csvColumnsMayComeInAnyOrderAndParentsAfterChildren() {
    TaxonomyFile file = read("Parent,Code,Name\nb,a,A\n,b,B\n");

    assertThat(file.categories().find("a").orElseThrow().path()).containsExactly("B", "A");
    assertThat(file.categories().all()).extracting(Category::code).containsExactly("a", "b");
  }

  @Test
  void googlePathsBecomeParents() {
    TaxonomyFile file = read(GOOGLE);

    assertThat(file.format()).isEqualTo(TaxonomyFormat.GOOGLE);
    assertThat(file.categories().perLevel()).containsExactly(2, 1, 1);
    Category knives = file.categories().find("12").orElseThrow();
    assertThat(knives.path()).containsExactly("Home", "Kitchen", "Knives - Sharp");
    assertThat(knives.parentCode()).isEqualTo("11");
  }

  @Test
  void pathsMayComeBeforeTheirParents() {
    TaxonomyFile file = read("2 - A > B\n1 - A\n");

    assertThat(file.categories().find("2").orElseThrow().parentCode()).isEqualTo("1");
  }

  @Test
  void shopifyCodesAreTheLastPartOfTheGid() {
    TaxonomyFile file = read(SHOPIFY);

    assertThat(file.format()).isEqualTo(TaxonomyFormat.SHOPIFY);
    assertThat(file.categories().perLevel()).containsExactly(2, 1, 1);
    Category knives = file.categories().find("ho-1-1").orElseThrow();
    assertThat(knives.path()).containsExactly("Home", "Kitchen", "Knives: Sharp");
    assertThat(knives.parentCode()).isEqualTo("ho-1");
  }

  @Test
  void gpcBricksBelongToTheClassAboveThem() {
    TaxonomyFile file = read(GPC);

    assertThat(file.format()).isEqualTo(TaxonomyFormat.GPC);
    assertThat(file.categories().perLevel()).containsExactly(1, 2, 2, 3);
    assertThat(file.categories().find("10000002").orElseThrow().path())
        .containsExactly("home", "kitchen", "knives", "paper knife");
    assertThat(file.categories().find("10000003").orElseThrow().path())
        .containsExactly("home", "kitchen", "spoons", "soup spoon");
    assertThat(file.categories().find("11020000").orElseThrow().leaf()).isTrue();
  }

  @Test
  void jsonIsReadAsArrayAndAsLines() {
    TaxonomyFile array = read(JSON);
    TaxonomyFile lines = read(NDJSON);

    assertThat(array.format()).isEqualTo(TaxonomyFormat.JSON);
    assertThat(lines.format()).isEqualTo(TaxonomyFormat.JSON);
    assertThat(array.categories().perLevel()).containsExactly(2, 1);
    assertThat(array.categories().find("kitchen").orElseThrow().path())
        .containsExactly("Home & Garden", "Kitchen");
    assertThat(lines.categories().all())
        .extracting(Category::code)
        .containsExactly("kitchen", "home", "toys");
  }

  @Test
  void digestIsOfTheContentAndNotOfItsForm() {
    assertThat(read(NDJSON).digest()).isEqualTo(read(JSON).digest());
    assertThat(
            read("code,name,parent\ntoys,Toys,\nhome,Home & Garden,\nkitchen,Kitchen,home\n")
                .digest())
        .isEqualTo(read(JSON).digest());
    assertThat(read(JSON.replace("Toys", "Toy")).digest()).isNotEqualTo(read(JSON).digest());
    assertThat(read(JSON.replace("\"parent\": \"home\"", "\"parent\": \"toys\"")).digest())
        .isNotEqualTo(read(JSON).digest());
  }

  @ParameterizedTest
  @ValueSource(strings = {CSV, GOOGLE, SHOPIFY, GPC, JSON, NDJSON})
  void lineEndsByteOrderMarkAndGzipMakeNoDifference(String text) {
    String digest = read(text).digest();

    assertThat(read(text.replace("\n", "\r\n")).digest()).isEqualTo(digest);
    assertThat(read(text.replace("\n", "\r")).digest()).isEqualTo(digest);
    assertThat(read("\ufeff" + text).digest()).isEqualTo(digest);
    assertThat(read(gzip(text.getBytes(UTF_8)), null).digest()).isEqualTo(digest);
  }

  @ParameterizedTest
  @EnumSource(TaxonomyFormat.class)
  void aNamedFormatIsTaken(TaxonomyFormat format) {
    String text =
        switch (format) {
          case CSV -> CSV;
          case GOOGLE -> GOOGLE;
          case SHOPIFY -> SHOPIFY;
          case GPC -> GPC;
          case JSON -> JSON;
        };
    assertThat(read(text.getBytes(UTF_8), format).format()).isEqualTo(format);
  }

  @Test
  void everyScriptIsWelcome() {
    String text = "code,name,parent\nа,Дом,\nب,\"مطبخ, 🔪\",а\n";

    assertThat(read(text).categories().find("ب").orElseThrow().path())
        .containsExactly("Дом", "مطبخ, 🔪");
  }

  @Test
  void charactersOfManyBytesSurviveEveryBoundaryOfABuffer() {
    for (int padding = 0; padding < 8; padding++) {
      String text =
          "code,name,parent\n"
              + "p".repeat(padding + 1)
              + ",x,\n"
              + IntStream.range(0, 4000)
                  .mapToObj(i -> "c" + i + ",🔪ж€" + i + ",\n")
                  .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append);
      Categories categories = read(text).categories();
      assertThat(categories.size()).isEqualTo(4001);
      for (int i = 0; i < 4000; i++) {
        assertThat(categories.find("c" + i).orElseThrow().name()).isEqualTo("🔪ж€" + i);
      }
    }
  }

  @Test
  void repeatedCodesAreRefusedWithBothLines() {
    assertThat(refusal("code,name,parent\na,A,\nb,B,\na,C,\n\nb,D,a\n"))
        .containsExactly(
            "line 4 repeats the code 'a' of line 2", "line 6 repeats the code 'b' of line 3");
    assertThat(refusal("1 - A\n1 - B\n")).containsExactly("line 2 repeats the code '1' of line 1");
    assertThat(refusal("gid://x/a : A\ngid://y/a : B\n"))
        .containsExactly("line 2 repeats the code 'a' of line 1");
    assertThat(refusal(GPC + "10000001\tagain\t (GPC brick)\n"))
        .contains("line 9 repeats the code '10000001' of line 4");
    assertThat(refusal("[{\"code\":\"a\",\"name\":\"A\"},\n{\"code\":\"a\",\"name\":\"B\"}]"))
        .containsExactly("line 2 repeats the code 'a' of line 1");
  }

  @Test
  void repeatedPathsAreRefused() {
    assertThat(refusal("1 - A\n2 - A > B\n3 - A > B\n"))
        .containsExactly("line 3 repeats the path of line 2");
  }

  @Test
  void missingParentsAreRefused() {
    assertThat(refusal("code,name,parent\na,A,z\nb,B,\nc,C,y\n"))
        .containsExactly(
            "line 2 has the parent 'z', which no line states",
            "line 4 has the parent 'y', which no line states");
    assertThat(refusal("# v\n1 - A\n2 - A > B > C\n"))
        .containsExactly("line 3 has the parent 'A > B', which no line states");
    assertThat(refusal("\ngid://x/a : A > B\n"))
        .containsExactly("line 2 has the parent 'A', which no line states");
    assertThat(refusal("11000000\ta\t (GPC segment)\n12010000\tb\t (GPC family)\n"))
        .containsExactly("line 2 has the parent '12000000', which no line states");
    assertThat(refusal("11000000\ta\t (GPC segment)\n10000001\tb\t (GPC brick)\n"))
        .containsExactly("line 2 is a brick that is not listed under a class");
    assertThat(refusal("{\"code\":\"a\",\"name\":\"A\",\"parent\":\"b\"}\n"))
        .containsExactly("line 1 has the parent 'b', which no line states");
  }

  @Test
  void everyLineOfALoopIsRefusedAndNoOther() {
    assertThat(refusal("code,name,parent\nroot,R,\nin,I,a\na,A,b\nb,B,c\nc,C,a\nok,O,root\n"))
        .containsExactly(
            "line 4 is part of a loop: 'a' is below 'b', which is below it",
            "line 5 is part of a loop: 'b' is below 'c', which is below it",
            "line 6 is part of a loop: 'c' is below 'a', which is below it");
    assertThat(refusal("{\"code\":\"a\",\"name\":\"A\",\"parent\":\"a\"}"))
        .containsExactly("line 1 has itself, 'a', as parent");
  }

  @Test
  void everyLineThatIsNotUtf8IsNamed() {
    byte[] latin1 = "code,name,parent\na,Möbel,\nb,Bad,\nc,Küche & Gärten,\n".getBytes(ISO_8859_1);

    assertThat(refusal(latin1)).containsExactly("line 2 is not UTF-8", "line 4 is not UTF-8");
    assertThat(refusal("1 - Möbel\n2 - Küche\n".getBytes(ISO_8859_1)))
        .containsExactly("line 1 is not UTF-8", "line 2 is not UTF-8");
    assertThat(refusal("[\n{\"code\":\"a\",\n\"name\":\"Möbel\"}]".getBytes(ISO_8859_1)))
        .containsExactly("line 3 is not UTF-8");
    assertThat(refusal("1 - A\r\n2 - É\r\n".getBytes(ISO_8859_1)))
        .containsExactly("line 2 is not UTF-8");
  }

  @Test
  void aCharacterCutInTwoIsNotUtf8() {
    byte[] whole = "1 - A\n2 - 🔪".getBytes(UTF_8);

    assertThat(refusal(Arrays.copyOf(whole, whole.length - 2)))
        .contains("line 2 is not UTF-8")
        .anyMatch(line -> line.startsWith("line 2 has no line break"));
  }

  @Test
  void utf16IsNamedAsSuch() {
    assertThat(refusal(CSV.getBytes(UTF_16)))
        .containsExactly("line 1 the file is UTF-16; save it as UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "# only a comment\n",
        "code,name,parent\n",
        "[]",
        "\ufeff",
        "\ufeff\n"
      })
  void aFileWithoutACategoryIsRefused(String text) {
    assertThat(refusal(text)).containsExactly("line 1 the file has no category");
  }

  @Test
  void anEmptyFileOfANamedFormatIsRefused() {
    for (TaxonomyFormat format : TaxonomyFormat.values()) {
      assertThat(refusal(new byte[0], format))
          .hasSize(1)
          .allMatch(line -> line.startsWith("line 1"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {CSV, GOOGLE, SHOPIFY, GPC, JSON})
  void aFileCutAnywhereInItsLastLineIsRefusedThere(String text) {
    byte[] whole = text.getBytes(UTF_8);
    int lastLine = (int) text.lines().count();
    String lastLineText = text.lines().skip(lastLine - 1L).findFirst().orElseThrow();
    int kept = text.equals(JSON) ? 3 : 1; // an array is whole without its last line break
    for (int cut = kept; cut < lastLineText.length() + 1; cut++) {
      byte[] part = Arrays.copyOf(whole, whole.length - cut);
      assertThat(refusal(part))
          .as("without the last %d bytes", cut)
          .isNotEmpty()
          .allMatch(line -> line.startsWith("line " + lastLine + " "));
    }
  }

  @Test
  void ndjsonCutInsideAnObjectIsRefusedThere() {
    byte[] whole = NDJSON.getBytes(UTF_8);
    for (int cut = 2; cut < 30; cut++) {
      assertThat(refusal(Arrays.copyOf(whole, whole.length - cut)))
          .as("without the last %d bytes", cut)
          .isNotEmpty()
          .allMatch(line -> line.startsWith("line 3 "));
    }
  }

  @Test
  void gzipCutAnywhereIsRefused() {
    byte[] whole = gzip(CSV.getBytes(UTF_8));
    for (int length = 2; length < whole.length; length++) {
      assertThat(refusal(Arrays.copyOf(whole, length)))
          .as("%d of %d bytes", length, whole.length)
          .anyMatch(line -> line.endsWith("ends inside damaged or cut gzip data"));
    }
  }

  @Test
  void damagedGzipIsRefused() {
    byte[] damaged = gzip(CSV.getBytes(UTF_8));
    damaged[damaged.length - 6] ^= 1;

    assertThat(refusal(damaged)).containsExactly("line 6 ends inside damaged or cut gzip data");
  }

  @Test
  void anUnclosedQuoteIsRefusedAtTheLineThatOpensIt() {
    assertThat(refusal("code,name,parent\na,A,\nb,\"B,\nc,C,\n"))
        .containsExactly("line 3 opens a quote that is not closed; the file may be cut");
    assertThat(refusal("code,name,parent\na,\"A,\n" + "b,B,\n".repeat(1000)))
        .singleElement()
        .asString()
        .startsWith("line 2 begins a field longer than 2000 characters");
  }

  @Test
  void wrongQuotesAreRefused() {
    assertThat(refusal("code,name,parent\na,A \"x\",\nb,\"B\" y,\nc,C,\n"))
        .containsExactly(
            "line 2 has a quote inside a field that does not begin with one",
            "line 3 has text after a closing quote");
  }

  @Test
  void aLineBreakInAQuotedNameIsRefusedAndLinesAreStillCountedRight() {
    assertThat(refusal("code,name,parent\na,\"A\nA\",\nb,B,x\n"))
        .containsExactly(
            "line 2 has a control character in the name",
            "line 4 has the parent 'x', which no line states");
  }

  @Test
  void wrongNumbersOfFieldsAreRefused() {
    assertThat(refusal("code,name,parent\na,A\nb,B,,\nc,C,\n"))
        .containsExactly(
            "line 2 has 2 fields; the header has 3", "line 3 has 4 fields; the header has 3");
    assertThat(refusal("11000000\ta\t (GPC segment)\n11010000\tb (GPC family)\n"))
        .containsExactly("line 2 has 2 columns; code, name and definition are 3");
  }

  @Test
  void wrongHeadersAreRefused() {
    for (String header :
        List.of("code,name", "code,name,parent,extra", "code,name,name", "code,name,parents")) {
      assertThat(refusal(header + "\na,A,\n"))
          .containsExactly(
              "line 1 is not the header; the columns are code,name,parent, in any order");
    }
  }

  @Test
  void linesOfAnotherShapeAreRefused() {
    assertThat(refusal("1 - A\nno id\n2 -B\n - C\n3 - \n4 - A > \n5 - A >  > D\n6 - A >\n"))
        .containsExactly(
            "line 2 is not of the form 'id - path'",
            "line 3 is not of the form 'id - path'",
            "line 4 is not of the form 'id - path'",
            "line 5 has an empty name in its path",
            "line 6 has an empty name in its path",
            "line 7 has an empty name in its path",
            "line 8 has an empty name in its path");
    assertThat(refusal("gid://x/a : A\nid/b : B\ngid://x/c\n"))
        .containsExactly(
            "line 2 is not of the form 'gid : path'", "line 3 is not of the form 'gid : path'");
    assertThat(
            refusal(
                "11000000\ta\t (GPC segment)\n1101000\tb\t (GPC family)\n11010001\tc\t (GPC family)\n"
                    + "11020000\td\t (GPC tribe)\n11020000\td\tnone\n"))
        .containsExactly(
            "line 2 has a code that is not of eight digits",
            "line 3 has the code 11010001; a family uses the first 4 digits",
            "line 4 does not end with (GPC segment), family, class or brick",
            "line 5 does not end with (GPC segment), family, class or brick");
  }

  @Test
  void jsonOfAnotherShapeIsRefused() {
    assertThat(
            refusal(
                """
                [
                {"code": 1, "name": "A"},
                {"code": "b", "name": null},
                {"code": "c", "name": "C", "colour": {"deep": [1]}},
                ["d"],
                {"code": "e", "name": "E", "parent": ""},
                {"name": "F"},
                {"code": "g"}
                ]
                """))
        .containsExactly(
            "line 2 has a code that is not a text",
            "line 3 has a name that is not a text",
            "line 4 has the unknown field 'colour'",
            "line 5 has something else than an object with code, name and parent",
            "line 6 has an empty parent; at the top it is null or absent",
            "line 7 has no code",
            "line 8 has no name");
    assertThat(refusal("[\n{\"code\":\"a\",\n\"code\":\"b\"}]"))
        .containsExactly("line 3 has a field twice");
    assertThat(refusal("[{\"code\":\"a\",\"name\":\"A\"}]\n{}"))
        .containsExactly("line 2 has more behind the end of the array");
    assertThat(refusal("[{\"code\":\"a\",\"name\":\"A\"}\n{\"code\":\"b\"}]"))
        .containsExactly("line 2 is not JSON");
    assertThat(refusal("{\"code\":\"a\",\"name\":\"A\"}\n}\n"))
        .containsExactly("line 2 is not JSON");
    assertThat(refusal("[" + "[".repeat(100)))
        .containsExactly("line 1 has a text longer than 2000 characters or nests too deep");
    assertThat(refusal("{\"code\":\"a\",\"name\":\"" + "x".repeat(3000) + "\"}"))
        .containsExactly("line 1 has a text longer than 2000 characters or nests too deep");
  }

  @Test
  void charactersThatCannotBeStoredAreRefused() {
    assertThat(
            refusal("{\"code\":\"a\",\"name\":\"\\u0000\"}\n{\"code\":\"b\",\"name\":\"\\ud800\"}"))
        .containsExactly(
            "line 1 has a control character in the name",
            "line 2 has an unpaired surrogate in the name");
    assertThat(refusal("code,name,parent\na\u0007,A,\nb,B\u0000,\n"))
        .containsExactly(
            "line 2 has a control character in the code",
            "line 3 has a control character in the name");
  }

  @Test
  void limitsAreKeptAndNamed() {
    assertThat(refusal("code,name,parent\n" + "a".repeat(41) + ",A,\nb," + "B".repeat(61) + ",\n"))
        .containsExactly(
            "line 2 has a code of 41 characters; 40 are allowed"
                + " (setting kailash.taxonomy.max-code-length)",
            "line 3 has a name of 61 characters; 60 are allowed"
                + " (setting kailash.taxonomy.max-name-length)");
    assertThat(read("code,name,parent\n" + "a".repeat(40) + "," + "B".repeat(60) + ",\n"))
        .isNotNull();
    assertThat(refusal("1 - a\n2 - " + "x".repeat(2000) + "\n"))
        .containsExactly("line 2 is longer than 2000 characters");
    assertThat(
            refusal(
                "1 - a\n2 - a > a\n3 - a > a > a\n4 - a > a > a > a\n5 - a > a > a > a > a\n"
                    + "6 - a > a > a > a > a > a\n7 - a > a > a > a > a > a > a\n"))
        .containsExactly(
            "line 7 is on level 7; 6 are allowed (setting kailash.taxonomy.max-levels)");
    ImportLimits three = new ImportLimits(3, 6, 40, 60, 2000);
    assertThat(reasons(CSV.getBytes(UTF_8), null, three))
        .containsExactly(
            "line 5 is one category more than 3 (setting kailash.taxonomy.max-categories)");
  }

  @Test
  void anUnknownFormatIsRefusedWithTheKnownOnes() {
    assertThat(refusal("id;title\n1;A\n"))
        .singleElement()
        .asString()
        .startsWith("line 1 the file looks like none of csv");
  }

  @Test
  void oneHundredOfManyReasonsAreListedAndAllAreCounted() {
    StringBuilder text = new StringBuilder("code,name,parent\n");
    for (int i = 0; i < 250; i++) {
      text.append('c').append(i).append(",C,nowhere\n");
    }

    Problem problem = problem(text.toString().getBytes(UTF_8), null, LIMITS);

    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.type()).isEqualTo("urn:kailash:problem:taxonomy-file-refused");
    assertThat(problem.detail()).contains("250 errors, of which the first 100 are listed");
    assertThat(problem.errors()).hasSize(100);
    assertThat(problem.errors().get(0).pointer()).isEqualTo("line 2");
    assertThat(problem.errors().get(99).pointer()).isEqualTo("line 101");
  }

  @Test
  void lateReasonsOnEarlyLinesAreListedToo() {
    StringBuilder text = new StringBuilder("code,name,parent\nfirst,F,nowhere\n");
    text.append("short\n".repeat(150));

    assertThat(refusal(text.toString()).get(0))
        .isEqualTo("line 2 has the parent 'nowhere', which no line states");
  }

  @Test
  void manyLinesAreReadAsAStream() {
    int lines = 200_000;
    int[] given = new int[1];
    InputStream endless =
        new SequenceInputStream(
            new Enumeration<>() {
              int next;

              @Override
              public boolean hasMoreElements() {
                return next <= lines;
              }

              @Override
              public InputStream nextElement() {
                String line =
                    next == 0
                        ? "code,name,parent\n"
                        : "c" + next + ",Name " + next + "," + (next < 10 ? "" : "c" + next / 10);
                next++;
                given[0]++;
                return new ByteArrayInputStream((line + (next == 1 ? "" : "\n")).getBytes(UTF_8));
              }
            });

    Categories categories = TaxonomyFile.read(endless, null, LIMITS).categories();

    assertThat(given[0]).isEqualTo(lines + 1);
    assertThat(categories.size()).isEqualTo(lines);
    assertThat(categories.find("c199999").orElseThrow().level()).isEqualTo(6);
    assertThat(categories.children("c19999")).hasSize(10);
  }

  @Test
  void readingStopsAtTheLimitOfCategoriesHoweverLongTheFile() {
    InputStream endless =
        new InputStream() {
          long line;
          byte[] current = "code,name,parent\n".getBytes(UTF_8);
          int at;

          @Override
          public int read() {
            if (at == current.length) {
              current = ("c" + line++ + ",x,\n").getBytes(UTF_8);
              at = 0;
            }
            return current[at++] & 0xff;
          }
        };

    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class,
            () -> TaxonomyFile.read(endless, null, new ImportLimits(1000, 6, 40, 60, 2000)));

    assertThat(refused.problem().errors())
        .extracting(Problem.Violation::pointer)
        .containsExactly("line 1002");
  }

  @Test
  void aStreamThatBreaksOffIsNotTakenForACutFile() {
    InputStream broken =
        new SequenceInputStream(
            Collections.enumeration(
                List.of(
                    new ByteArrayInputStream(CSV.getBytes(UTF_8)),
                    new InputStream() {
                      @Override
                      public int read() throws IOException {
                        throw new IOException("connection reset");
                      }
                    })));

    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> TaxonomyFile.read(broken, null, LIMITS));

    assertThat(refused.problem().status()).isEqualTo(400);
    assertThat(refused.problem().detail()).contains("broke off");
  }

  @Test
  void theCallersStreamStaysOpen() {
    boolean[] closed = new boolean[1];
    InputStream stream =
        new ByteArrayInputStream(JSON.getBytes(UTF_8)) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };

    TaxonomyFile.read(stream, null, LIMITS);

    assertThat(closed[0]).isFalse();
  }

  private static TaxonomyFile read(String text) {
    return read(text.getBytes(UTF_8), null);
  }

  private static TaxonomyFile read(byte[] bytes, TaxonomyFormat format) {
    return TaxonomyFile.read(new ByteArrayInputStream(bytes), format, LIMITS);
  }

  private static List<String> refusal(String text) {
    return refusal(text.getBytes(UTF_8));
  }

  private static List<String> refusal(byte[] bytes) {
    return refusal(bytes, null);
  }

  private static List<String> refusal(byte[] bytes, TaxonomyFormat format) {
    return reasons(bytes, format, LIMITS);
  }

  private static List<String> reasons(byte[] bytes, TaxonomyFormat format, ImportLimits limits) {
    List<String> reasons = new ArrayList<>();
    for (Problem.Violation error : problem(bytes, format, limits).errors()) {
      reasons.add(error.pointer() + " " + error.detail());
    }
    return reasons;
  }

  private static Problem problem(byte[] bytes, TaxonomyFormat format, ImportLimits limits) {
    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class,
            () -> TaxonomyFile.read(new ByteArrayInputStream(bytes), format, limits));
    assertThat(refused).as("refusal").isNotNull();
    assertThat(refused.problem().status()).isEqualTo(422);
    return refused.problem();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return packed.toByteArray();
  }
}
