package io.kailash.transfer.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.platform.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchBodyTest {
  private static String text(BatchLine line) {
    return line.number() + ":" + new String(line.bytes(), line.from(), line.length(), UTF_8);
  }

  private static List<String> lines(String body) {
    return BatchBody.lines(body.getBytes(UTF_8), 100).stream().map(BatchBodyTest::text).toList();
  }

  private static List<String> elements(String body) throws IOException {
    return BatchBody.elements(body.getBytes(UTF_8), 100).stream()
        .map(BatchBodyTest::text)
        .map(text -> text.replaceAll("\\s*$", ""))
        .toList();
  }

  @Test
  void linesKeepTheirNumbersAndBlankOnesAreNoItems() {
    assertThat(lines("{\"a\":1}\n\n  \t\r\n{\"b\":2}\r\n{\"c\":3}"))
        .containsExactly("1:{\"a\":1}", "4:{\"b\":2}\r", "5:{\"c\":3}");
    assertThat(lines("\ufeff{\"a\":1}\n")).containsExactly("1:{\"a\":1}");
    assertThat(lines("")).isEmpty();
    assertThat(lines("\n\n")).isEmpty();
  }

  @Test
  void elementsOfAnArrayAreCutOut() throws IOException {
    assertThat(elements(" [ {\"a\":[1,{\"x\":\"]}\"}]} ,\n {\"b\":\"ö€\"},{} ] "))
        .containsExactly("1:{\"a\":[1,{\"x\":\"]}\"}]}", "2:{\"b\":\"ö€\"}", "3:{}");
    assertThat(elements("\ufeff[{\"a\":1}]")).containsExactly("1:{\"a\":1}");
    assertThat(elements("[]")).isEmpty();
    assertThat(elements("[null,\"text\"]")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[{\"a\":1}", "[{\"a\":1},]", "{\"a\":1}", "[{\"a\":1}] x", "[{\"a\":1]", "", "7"})
  void whatIsNoArrayIsRefusedWhole(String body) {
    assertThatThrownBy(() -> elements(body))
        .isInstanceOfSatisfying(
            ProblemException.class, p -> assertThat(p.problem().status()).isEqualTo(400));
  }

  @Test
  void moreThanAllowedIsRefusedAndToldWhereToGo() {
    byte[] three = "{}\n{}\n{}\n".getBytes(UTF_8);
    assertThat(BatchBody.lines(three, 3)).hasSize(3);
    assertThatThrownBy(() -> BatchBody.lines(three, 2)).hasMessageContaining("?as=job");
    assertThatThrownBy(() -> BatchBody.read(new ByteArrayInputStream(three), 8))
        .hasMessageContaining("?as=job");
  }

  @Test
  void aStoredFileIsReadTheSameFromWhateverPlaceItIsGoneOnWith() throws IOException {
    byte[] body = "\ufeff{\"a\":1}\n\n{\"b\":22}\r\n   \n{\"c\":\"ö\"}".getBytes(UTF_8);
    for (int limit = 1; limit <= 4; limit++) {
      List<String> read = new ArrayList<>();
      long place = 0;
      long number = 0;
      while (true) {
        // A new source each time: as after a kill.
        StoredLines source =
            new StoredLines(
                new ByteArrayInputStream(body, (int) place, body.length - (int) place),
                1000,
                place,
                number,
                3);
        List<BatchLine> some = source.next(limit);
        if (some.isEmpty()) {
          break;
        }
        some.forEach(line -> read.add(text(line).strip()));
        place = source.place();
        number = source.number();
      }
      assertThat(read).containsExactly("1:{\"a\":1}", "3:{\"b\":22}", "5:{\"c\":\"ö\"}");
    }
  }

  @Test
  void anOverlongLineOfAFileIsNotKeptButIsAnItem() throws IOException {
    byte[] body = ("x".repeat(5_000_000) + "\n{}\n").getBytes(UTF_8);
    StoredLines source = new StoredLines(new ByteArrayInputStream(body), 100, 0, 0, 2);
    List<BatchLine> lines = source.next(10);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).length()).isEqualTo(101);
    assertThat(lines.get(0).bytes().length).isLessThan(1000);
    assertThat(lines.get(1).number()).isEqualTo(2);
    assertThat(source.place()).isEqualTo(body.length);
  }
}
