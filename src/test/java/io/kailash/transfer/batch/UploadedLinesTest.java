package io.kailash.transfer.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.transfer.uploads.BatchFiles;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class UploadedLinesTest {
  /** Rows of which each takes two lines, below a header. */
  private static final class Rows implements BatchFiles.Lines {
    private final int count;
    private int read;

    Rows(int count) {
      this.count = count;
    }

    @Override
    public BatchFiles.Line next() {
      if (read == count) {
        return null;
      }
      long line = 2L + 2 * read++;
      return new BatchFiles.Line(
          line, "r" + line, null, null, "title", null, null, null, null, read == 3 ? "no" : null);
    }

    @Override
    public double share() {
      return (double) read / count;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private static List<Long> numbers(UploadedLines lines, int limit) throws IOException {
    return lines.next(limit).stream().map(BatchLine::number).toList();
  }

  @Test
  void itGoesOnBehindThePlaceThatWasNoted() throws IOException {
    UploadedLines whole = new UploadedLines(new Rows(5), 0);
    assertThat(whole.total()).isEqualTo(-1);
    assertThat(numbers(whole, 2)).containsExactly(2L, 4L);
    assertThat(whole.place()).isEqualTo(2);
    assertThat(whole.number()).isEqualTo(4);
    assertThat(whole.total()).isEqualTo(5);
    UploadedLines rest = new UploadedLines(new Rows(5), whole.place());
    assertThat(numbers(rest, 10)).containsExactly(6L, 8L, 10L);
    assertThat(rest.next(10)).isEmpty();
    assertThat(rest.place()).isEqualTo(5);
  }

  @Test
  void aRowThatCannotBeReadKeepsItsPlace() throws IOException {
    List<BatchLine> lines = new UploadedLines(new Rows(4), 0).next(4);
    assertThat(lines.get(2).wrong()).isEqualTo("no");
    assertThat(lines.get(2).item()).isNull();
    assertThat(lines.get(3).item().ref()).isEqualTo("r8");
  }
}
