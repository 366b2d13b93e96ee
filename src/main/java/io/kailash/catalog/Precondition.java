package io.kailash.catalog;

import io.kailash.platform.ProblemException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must be true of an item for a change to go ahead: RFC 9110, 13.1. */
public sealed interface Precondition {
  /** Nothing was stated: enough to make an item, not to change one. */
  record Unstated() implements Precondition {}

  /** Whatever version there is. */
  record AnyVersion() implements Precondition {}

  /** One of these versions; none where only weak or foreign tags were given. */
  record OneOf(Set<Long> versions) implements Precondition {}

  /** There is no such item yet. */
  record Absent() implements Precondition {}

  Precondition UNSTATED = new Unstated();
  Precondition ANY_VERSION = new AnyVersion();
  Precondition ABSENT = new Absent();

  Pattern TAG = Pattern.compile("\\s*(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"\\s*(,|$)");

  /**
   * Reads the headers of a change.
   *
   * @param ifMatch null where it was not sent
   * @param ifNoneMatch null where it was not sent; else only {@code *} is understood
   * @throws ProblemException 400 where they cannot be read or contradict each other
   */
  static Precondition of(String ifMatch, String ifNoneMatch) {
    if (ifNoneMatch != null) {
      if (!ifNoneMatch.strip().equals("*")) {
        throw ProblemException.malformed("for a change only 'If-None-Match: *' is understood");
      }
      if (ifMatch != null) {
        throw ProblemException.malformed("If-Match and If-None-Match contradict each other");
      }
      return ABSENT;
    }
    if (ifMatch == null) {
      return UNSTATED;
    }
    if (ifMatch.strip().equals("*")) {
      return ANY_VERSION;
    }
    return new OneOf(versions("If-Match", ifMatch, false));
  }

  /** Whether {@code If-None-Match} of a read names {@code version}, so that 304 is the answer. */
  static boolean isKnown(String ifNoneMatch, long version) {
    return ifNoneMatch != null
        && (ifNoneMatch.strip().equals("*")
            || versions("If-None-Match", ifNoneMatch, true).contains(version));
  }

  private static Set<Long> versions(String header, String value, boolean weakToo) {
    Set<Long> versions = new LinkedHashSet<>();
    Matcher tag = TAG.matcher(value);
    int end = 0;
    while (end < value.length()) {
      if (!tag.find(end) || tag.start() != end) {
        throw ProblemException.malformed(
            header + " is not a list of entity tags such as \"3\", with their quotes");
      }
      end = tag.end();
      if (weakToo || tag.group(1) == null) {
        String text = tag.group(2);
        if (text.matches("[1-9][0-9]{0,17}")) {
          versions.add(Long.parseLong(text));
        }
      }
    }
    return versions;
  }
}
