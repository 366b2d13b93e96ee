package io.kailash.taxonomy;

import java.io.IOException;
import java.io.Reader;

/**
 * GS1 GPC as tab-separated lines: code, name, definition with the level in brackets at its end.
 *
 * <p>The hierarchy: of the eight digits of a code, a segment has two, a family adds two, a class
 * adds two, and what is not used is zero, so that a family's and a class's parent follow from the
 * code. A brick's code says nothing about its class: it belongs to the class it is listed under.
 */
final class GpcFile {
  private GpcFile() {}

  static void read(Reader text, ImportLimits limits, Rows rows, Refusals refusals)
      throws IOException {
    Lines lines = new Lines(text, limits.maxLineLength(), refusals);
    String listedClass = null;
    for (String line = lines.nextContent(); line != null; line = lines.nextContent()) {
      int number = lines.number();
      String[] columns = line.split("\t", -1);
      if (columns.length != 3) {
        refusals.add(number, "has " + columns.length + " columns; code, name and definition are 3");
        continue;
      }
      String code = columns[0].strip();
      String name = columns[1].strip();
      if (!isCode(code)) {
        refusals.add(number, "has a code that is not of eight digits");
        continue;
      }
      String level = level(columns[2]);
      switch (level) {
        case "segment" -> {
          checkZeros(code, 2, number, level, refusals);
          rows.add(number, code, name, null);
          listedClass = null;
        }
        case "family" -> {
          checkZeros(code, 4, number, level, refusals);
          rows.add(number, code, name, code.substring(0, 2) + "000000");
          listedClass = null;
        }
        case "class" -> {
          checkZeros(code, 6, number, level, refusals);
          rows.add(number, code, name, code.substring(0, 4) + "0000");
          listedClass = code;
        }
        case "brick" -> {
          if (listedClass == null) {
            refusals.add(number, "is a brick that is not listed under a class");
          }
          rows.add(number, code, name, listedClass);
        }
        default -> refusals.add(number, "does not end with (GPC segment), family, class or brick");
      }
    }
  }

  /** The word in {@code (GPC word)} at the end of a definition; empty where there is none. */
  static String level(String definition) {
    String stripped = definition.stripTrailing();
    int at = stripped.lastIndexOf("(GPC ");
    return at < 0 || !stripped.endsWith(")")
        ? ""
        : stripped.substring(at + "(GPC ".length(), stripped.length() - 1);
  }

  private static boolean isCode(String code) {
    if (code.length() != 8) {
      return false;
    }
    for (int i = 0; i < code.length(); i++) {
      if (code.charAt(i) < '0' || code.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static void checkZeros(
      String code, int digits, int line, String level, Refusals refusals) {
    if (Integer.parseInt(code.substring(digits)) != 0) {
      refusals.add(
          line, "has the code " + code + "; a " + level + " uses the first " + digits + " digits");
    }
  }
}
