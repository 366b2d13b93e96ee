package io.kailash.operations;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Figures in Prometheus' text format 0.0.4, read as strictly as Prometheus reads them: one type for
 * each name and before its samples, samples of a name together, no sample twice, nothing cut off.
 */
public final class PrometheusText {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)})? (\\S+)( -?[0-9]+)?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");

  private record Sample(String name, Map<String, String> labels, double value) {}

  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, String> types = new LinkedHashMap<>();

  public static PrometheusText parse(String text) {
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("the last line is cut off");
    }
    PrometheusText read = new PrometheusText();
    Set<String> finished = new HashSet<>();
    Set<String> seen = new HashSet<>();
    String family = null;
    for (String line : text.split("\n")) {
      if (line.isBlank()) {
        continue;
      }
      if (line.startsWith("#")) {
        read.comment(line, seen, finished);
        continue;
      }
      Sample sample = sample(line);
      String own = read.familyOf(sample.name());
      if (!own.equals(family)) {
        if (!finished.add(own)) {
          throw new IllegalArgumentException("samples of one name apart from each other: " + line);
        }
        family = own;
      }
      if (!seen.add(sample.name() + new TreeMap<>(sample.labels()))) {
        throw new IllegalArgumentException("the same sample twice: " + line);
      }
      read.samples.add(sample);
    }
    return read;
  }

  private void comment(String line, Set<String> seen, Set<String> finished) {
    String[] words = line.split(" ", 4);
    if (words.length < 2 || !words[1].equals("TYPE")) {
      return;
    }
    if (words.length != 4 || !TYPES.contains(words[3])) {
      throw new IllegalArgumentException("no type: " + line);
    }
    if (types.put(words[2], words[3]) != null) {
      throw new IllegalArgumentException("a second type: " + line);
    }
    if (finished.contains(words[2]) || seen.contains(words[2])) {
      throw new IllegalArgumentException("a type after its samples: " + line);
    }
  }

  private String familyOf(String name) {
    for (String suffix : List.of("_bucket", "_sum", "_count")) {
      if (name.endsWith(suffix)) {
        String base = name.substring(0, name.length() - suffix.length());
        if ("histogram".equals(types.get(base)) || "summary".equals(types.get(base))) {
          return base;
        }
      }
    }
    return name;
  }

  private static Sample sample(String line) {
    Matcher matcher = SAMPLE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a sample: " + line);
    }
    Map<String, String> labels = new LinkedHashMap<>();
    if (matcher.group(3) != null) {
      Matcher label = LABEL.matcher(matcher.group(3));
      int position = 0;
      while (position < matcher.group(3).length()) {
        if (!label.find(position) || label.start() != position) {
          throw new IllegalArgumentException("not a label: " + line);
        }
        if (labels.put(label.group(1), label.group(2)) != null) {
          throw new IllegalArgumentException("a label twice: " + line);
        }
        position = label.end();
      }
    }
    return new Sample(matcher.group(1), labels, number(matcher.group(4), line));
  }

  private static double number(String text, String line) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN" -> Double.NaN;
      default -> {
        try {
          yield Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
          throw new IllegalArgumentException("not a number: " + line, notANumber);
        }
      }
    };
  }

  Set<String> names() {
    Set<String> names = new HashSet<>();
    samples.forEach(sample -> names.add(sample.name()));
    return names;
  }

  String type(String name) {
    return types.get(name);
  }

  /** The one sample of a name that has these labels, among others. */
  public double value(String name, Map<String, String> labels) {
    List<Sample> found =
        samples.stream()
            .filter(sample -> sample.name().equals(name))
            .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " samples of " + name + " with " + labels);
    }
    return found.get(0).value();
  }

  /** Counts of the buckets, lowest bound first. */
  public List<Double> buckets(String name, Map<String, String> labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name + "_bucket"))
        .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
        .sorted(
            Comparator.comparingDouble(
                sample -> number(sample.labels().get("le"), sample.labels().toString())))
        .map(Sample::value)
        .toList();
  }
}
