package io.kailash.transfer.batch;

import io.kailash.transfer.uploads.BatchFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Rows of an uploaded file; a place is the number of rows behind it. */
final class UploadedLines extends BatchSource {
  private final BatchFiles.Lines lines;

  /** Passes over the rows up to a place. */
  UploadedLines(BatchFiles.Lines lines, long place) throws IOException {
    super(0, 0);
    this.lines = lines;
    while (place() < place && take() != null) {
      // On to the place.
    }
  }

  private BatchFiles.Line take() throws IOException {
    BatchFiles.Line line = lines.next();
    if (line != null) {
      passed(place() + 1, line.line());
    }
    return line;
  }

  @Override
  List<BatchLine> next(int limit) throws IOException {
    List<BatchLine> some = new ArrayList<>();
    for (BatchFiles.Line line = null; some.size() < limit && (line = take()) != null; ) {
      some.add(
          line.wrong() == null
              ? BatchLine.of(line.line(), item(line))
              : BatchLine.wrong(line.line(), line.wrong()));
    }
    return some;
  }

  private static BatchItem item(BatchFiles.Line line) {
    return new BatchItem(
        line.ref(),
        line.taxonomy(),
        line.sku(),
        line.title(),
        line.brand(),
        line.description(),
        line.supplierCategory(),
        line.url(),
        null,
        null);
  }

  /** Only a reading to its end would tell; how much was read says about how many there are. */
  @Override
  long total() {
    double share = lines.share();
    return place() == 0 || share == 0 ? -1 : Math.max(place(), Math.round(place() / share));
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
