package io.kailash.recommendation.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PackedNamesTest {
  @Test
  void namesOfAnyLengthAndScriptComeBackInTheirOrder() {
    List<String> names =
        List.of("a", "", "Ünïcode-水筒-🧴", "x".repeat(127), "x".repeat(128), "é".repeat(9_000), "z");
    PackedNames packed = PackedNames.of(names);
    PackedNames.Reading reading = packed.reading();
    for (String name : names) {
      assertThat(reading.next()).isEqualTo(name);
    }
    assertThat(packed.bytes()).isBetween(18_000 + 255 + 30, 18_000 + 255 + 50);
  }

  @Test
  void aNameTakesItsBytesAndOneMore() {
    assertThat(PackedNames.of(List.of("m1234567", "m7654321")).bytes()).isEqualTo(18);
  }
}
