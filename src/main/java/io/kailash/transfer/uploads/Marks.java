package io.kailash.transfer.uploads;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which rows of a file are behind a load and what came of them: its checkpoint. Chunks commit in
 * any order, so there may be gaps.
 *
 * @param done rows from the first on, without a gap
 * @param beyond stretches of rows behind the first gap, each from (exclusive) and to (inclusive)
 * @param named refused rows that were kept with their reason
 */
record Marks(
    long done, List<Stretch> beyond, long written, long unchanged, long rejected, long named) {

  /** Rows numbered from 1. */
  record Stretch(long after, long to) {}

  static final Marks NONE = new Marks(0, List.of(), 0, 0, 0, 0);

  /** Whether a row is behind. */
  boolean has(long row) {
    if (row <= done) {
      return true;
    }
    for (Stretch stretch : beyond) {
      if (row > stretch.after() && row <= stretch.to()) {
        return true;
      }
    }
    return false;
  }

  /** With a chunk more. */
  Marks with(Stretch chunk, long written, long unchanged, long rejected, long named) {
    List<Stretch> all = new ArrayList<>(beyond);
    all.add(chunk);
    all.sort(Comparator.comparingLong(Stretch::after));
    long end = done;
    List<Stretch> left = new ArrayList<>();
    for (Stretch stretch : all) {
      if (stretch.after() == end) {
        end = stretch.to();
      } else {
        left.add(stretch);
      }
    }
    return new Marks(
        end,
        List.copyOf(left),
        this.written + written,
        this.unchanged + unchanged,
        this.rejected + rejected,
        this.named + named);
  }
}
