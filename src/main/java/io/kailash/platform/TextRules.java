package io.kailash.platform;

import java.util.ArrayList;
import java.util.List;

/**
 * Checks texts of a request and collects what is wrong, so that a caller learns of every offending
 * field at once. A text must be storable: no U+0000 and no unpaired surrogate. Every other
 * character, in any script, is welcome.
 */
public final class TextRules {
  private final List<Problem.Violation> violations = new ArrayList<>(0);

  /** Must be present, not blank, and at most {@code max} characters (UTF-16 units) long. */
  public TextRules required(String pointer, String value, int max) {
    if (value == null) {
      return violation(pointer, "is missing");
    }
    if (value.isBlank()) {
      return violation(pointer, "is empty");
    }
    return optional(pointer, value, max);
  }

  /** May be absent; where present at most {@code max} characters (UTF-16 units) long. */
  public TextRules optional(String pointer, String value, int max) {
    if (value == null) {
      return this;
    }
    if (value.length() > max) {
      return violation(pointer, "has " + value.length() + " characters; " + max + " are allowed");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == 0) {
        return violation(pointer, "has the character U+0000 at position " + i);
      }
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < value.length()
            && Character.isLowSurrogate(value.charAt(i + 1))) {
          i++;
        } else {
          return violation(pointer, "has an unpaired surrogate at position " + i);
        }
      }
    }
    return this;
  }

  /** Adds a violation found elsewhere. */
  public TextRules violation(String pointer, String detail) {
    violations.add(new Problem.Violation(pointer, detail));
    return this;
  }

  /** Throws a 422 problem with every violation, if there is any. */
  public void check() {
    if (!violations.isEmpty()) {
      throw ProblemException.invalid(violations);
    }
  }
}
