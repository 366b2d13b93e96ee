package io.kailash.jobs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file, as the header {@code Range} asks for it (RFC 9110, 14).
 *
 * @param from the first byte
 * @param end the byte after the last one
 */
record ByteRange(long from, long end) {
  private static final Pattern ONE =
      Pattern.compile("bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})");

  /**
   * The range that is asked for; empty where none is, or one of a form that may be passed over.
   *
   * @throws Unsatisfiable where nothing of it is in the file
   */
  static Optional<ByteRange> of(String header, long length) throws Unsatisfiable {
    Matcher form = header == null ? null : ONE.matcher(header.strip());
    if (form == null || !form.matches() || (form.group(1) + form.group(2)).isEmpty()) {
      return Optional.empty();
    }
    String first = form.group(1);
    String last = form.group(2);
    if (first.isEmpty()) {
      long suffix = Long.parseLong(last);
      if (suffix == 0 || length == 0) {
        throw new Unsatisfiable();
      }
      return Optional.of(new ByteRange(Math.max(0, length - suffix), length));
    }
    long from = Long.parseLong(first);
    long end = last.isEmpty() ? length : Math.min(length, Long.parseLong(last) + 1);
    if (!last.isEmpty() && Long.parseLong(last) < from) {
      return Optional.empty();
    }
    if (from >= length) {
      throw new Unsatisfiable();
    }
    return Optional.of(new ByteRange(from, end));
  }

  /** Nothing of the range is in the file. */
  static final class Unsatisfiable extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
