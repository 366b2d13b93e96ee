package io.kailash.operations;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the server's figures into the order that Prometheus' text format asks for. As the server
 * writes them, figures of the process come once for every application beside itself, so that
 * samples appear twice, and the samples of one histogram are torn apart; strict readers refuse the
 * whole page for either. It also writes the mean and the maximum of timers in nanoseconds under
 * names that end in seconds: those are left out, since a wrong figure is worse than none.
 */
final class MetricsText {
  private static final List<String> PARTS = List.of("_bucket", "_sum", "_count");
  private static final List<String> MISMEASURED = List.of("_mean", "_max", "_stddev");

  private final Map<String, Family> families = new LinkedHashMap<>();

  private MetricsText() {}

  private static final class Family {
    private String type;
    private String help;
    private final Map<String, String> samples = new LinkedHashMap<>();
  }

  /** The same figures, each once and those of one name together. */
  static String inOrder(String written) {
    MetricsText text = new MetricsText();
    written.lines().filter(line -> !line.isBlank()).forEach(text::add);
    return text.write();
  }

  private void add(String line) {
    if (line.startsWith("#")) {
      String[] words = line.split(" ", 4);
      if (words.length >= 3 && words[1].equals("TYPE")) {
        Family family = family(words[2]);
        family.type = family.type == null ? line : family.type;
      } else if (words.length >= 3 && words[1].equals("HELP")) {
        Family family = family(words[2]);
        family.help = family.help == null ? line : family.help;
      }
      return;
    }
    int value = line.lastIndexOf(' ');
    int labels = line.indexOf('{');
    String name = line.substring(0, labels >= 0 ? labels : Math.max(value, 0));
    family(familyOf(name)).samples.putIfAbsent(line.substring(0, Math.max(value, 0)), line);
  }

  private Family family(String name) {
    return families.computeIfAbsent(name, unknown -> new Family());
  }

  private String familyOf(String name) {
    for (String part : PARTS) {
      if (name.endsWith(part)) {
        String whole = name.substring(0, name.length() - part.length());
        if (isHistogram(whole)) {
          return whole;
        }
      }
    }
    return name;
  }

  private boolean isHistogram(String name) {
    Family family = families.get(name);
    return family != null
        && family.type != null
        && (family.type.endsWith(" histogram") || family.type.endsWith(" summary"));
  }

  private boolean isMismeasured(String name) {
    return MISMEASURED.stream()
        .filter(name::endsWith)
        .map(part -> name.substring(0, name.length() - part.length()))
        .anyMatch(timer -> timer.endsWith("_seconds") && isHistogram(timer));
  }

  private String write() {
    StringBuilder page = new StringBuilder(16_384);
    families.forEach(
        (name, family) -> {
          if (family.samples.isEmpty() || isMismeasured(name)) {
            return;
          }
          if (family.help != null) {
            page.append(family.help).append('\n');
          }
          if (family.type != null) {
            page.append(family.type).append('\n');
          }
          family.samples.values().forEach(sample -> page.append(sample).append('\n'));
        });
    return page.toString();
  }
}
