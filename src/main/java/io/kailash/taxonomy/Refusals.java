package io.kailash.taxonomy;

import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Why a file is refused: every reason is counted, the ones on the lowest lines are kept. */
final class Refusals {
  /** Reasons an answer lists. */
  static final int LISTED = 100;

  static final String CUT =
      "has no line break at its end, so the file may be cut here; end the last line with one";

  private record Reason(int line, long order, String detail) {}

  private static final Comparator<Reason> BY_LINE =
      Comparator.comparingInt(Reason::line).thenComparingLong(Reason::order);

  private final PriorityQueue<Reason> lowest = new PriorityQueue<>(BY_LINE.reversed());
  private long total;

  void add(int line, String detail) {
    lowest.add(new Reason(line, total++, detail));
    if (lowest.size() > LISTED) {
      lowest.remove();
    }
  }

  /** For a reason that leaves no sense in reading on. */
  ProblemException fatal(int line, String detail) {
    add(line, detail);
    return problem();
  }

  void check() {
    if (total > 0) {
      throw problem();
    }
  }

  private ProblemException problem() {
    List<Reason> sorted = new ArrayList<>(lowest);
    sorted.sort(BY_LINE);
    List<Problem.Violation> listed =
        sorted.stream().map(r -> new Problem.Violation("line " + r.line(), r.detail())).toList();
    Problem.Violation first = listed.get(0);
    StringBuilder detail = new StringBuilder("the file is refused whole and nothing was changed; ");
    detail.append(total == 1 ? "1 error" : total + " errors");
    if (total > LISTED) {
      detail.append(", of which the first ").append(LISTED).append(" are listed");
    }
    detail.append("; ").append(first.pointer()).append(' ').append(first.detail());
    return new ProblemException(
        422, "taxonomy-file-refused", "Taxonomy file refused", detail.toString(), listed);
  }
}
