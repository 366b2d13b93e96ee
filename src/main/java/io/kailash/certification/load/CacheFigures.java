package io.kailash.certification.load;

import java.io.IOException;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often the service answered from memory, read from its own figures.
 *
 * @param memory answers from memory so far
 * @param all answers so far
 */
record CacheFigures(double memory, double all) {

  private static final Pattern LINE =
      Pattern.compile(
          "(?m)^(?:application_)?kailash_(classifications|recommendation_lists)_total"
              + "\\{([^}]*)\\}\\s+([0-9.Ee+]+)");

  static CacheFigures of(HttpTarget target) throws IOException {
    return read(target.text("/metrics"));
  }

  static CacheFigures read(String text) {
    double memory = 0;
    double all = 0;
    Matcher line = LINE.matcher(text);
    while (line.find()) {
      double count = Double.parseDouble(line.group(3));
      all += count;
      if (line.group(2).contains("=\"cache\"") || line.group(2).contains("=\"memory\"")) {
        memory += count;
      }
    }
    return new CacheFigures(memory, all);
  }

  /** Share of the answers from memory since then; empty where there were none. */
  OptionalDouble shareSince(CacheFigures before) {
    double answers = all - before.all;
    return answers <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((memory - before.memory) / answers);
  }
}
