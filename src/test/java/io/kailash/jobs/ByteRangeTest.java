package io.kailash.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-9, 0, 10",
    "bytes=90-, 90, 100",
    "bytes=90-1000, 90, 100",
    "bytes=-10, 90, 100",
    "bytes=-1000, 0, 100",
    "bytes = 5 - 5, 5, 6"
  })
  void oneRangeIsRead(String header, long from, long end) throws Exception {
    assertThat(ByteRange.of(header, 100)).contains(new ByteRange(from, end));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=5-4", "bytes=-", "bytes=0-1,3-4", "items=0-1", "bytes=a-b", ""})
  void whatIsNoSingleRangeIsPassedOver(String header) throws Exception {
    assertThat(ByteRange.of(header, 100)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
  void whatIsOutsideIsRefused(String header) {
    assertThatThrownBy(() -> ByteRange.of(header, 100)).isInstanceOf(ByteRange.Unsatisfiable.class);
  }

  @Test
  void noHeaderMeansTheWholeFile() throws Exception {
    assertThat(ByteRange.of(null, 100)).isEmpty();
  }
}
