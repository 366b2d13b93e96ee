package io.kailash.certification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kailash.certification.targets.Scenarios;
import io.kailash.certification.targets.Target;
import io.kailash.certification.targets.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No figure of the specification is missing from the targets, and none was made up. */
class SpecificationTest {
  private static final Path FIGURES =
      Path.of("src", "test", "resources", "certification", "specification-figures.txt");
  private static final Path BESIDE = Path.of("..", "shared", "spec", "performance-targets.md");
  private static final Pattern FIGURE =
      Pattern.compile("(?<![\\w.])\\d+(?:\\.\\d+)?(?:%|-hour|x\\b| ?[A-Za-z]+(?:/[A-Za-z]+)?)?");
  private static final Pattern ORDINAL = Pattern.compile("\\b\\d+(st|nd|rd|th)\\b( percentile)?");

  private static List<String> known() throws IOException {
    return Files.readAllLines(FIGURES, UTF_8).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  private static Targets targets() {
    Path jmeter = Path.of("jmeter");
    return Targets.read(jmeter, Scenarios.read(jmeter));
  }

  @Test
  void everyFigureOfTheSpecificationIsATarget() throws IOException {
    List<String> stated = new ArrayList<>();
    for (Target target : targets().targets().values()) {
      target.figures().forEach(figure -> stated.add(target.line() + " " + figure));
    }
    List<String> missing = new ArrayList<>(known());
    assertThat(missing).hasSizeGreaterThan(250);
    stated.forEach(missing::remove);
    assertThat(missing).isEmpty();
    assertThat(stated).allMatch(figure -> contains(figure));
  }

  private static boolean contains(String figure) {
    try {
      return known().contains(figure);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The value that is judged is the figure that is written: 1s is 1000 ms, 80% is 0.8. */
  @Test
  void theValuesAreTheFigures() {
    List<String> wrong = new ArrayList<>();
    for (Target target : targets().targets().values()) {
      if (target.figures().isEmpty() || target.unit().isEmpty() || target.unit().equals("yes")) {
        continue;
      }
      boolean found =
          target.figures().stream()
              .anyMatch(
                  figure -> {
                    double number = Double.parseDouble(figure.replaceAll("^([0-9.]+).*$", "$1"));
                    return List.of(
                            1.0,
                            1e-2,
                            1e3,
                            60.0,
                            3600.0,
                            86400.0,
                            604800.0,
                            1e6,
                            1e9,
                            1e12,
                            1e6 / 60,
                            1e9 / 3600,
                            1e4)
                        .stream()
                        .anyMatch(
                            unit ->
                                Math.abs(number * unit - target.value())
                                    <= 1e-6 * Math.abs(target.value()));
                  });
      // One hundred times the time of an item; three quarters of a hundred users; three times in
      // percent.
      boolean derived =
          List.of("batch.average_item", "scenario.long_duration.users").contains(target.id());
      if (!found && !derived) {
        wrong.add(
            target.id() + " " + target.figures() + " " + target.value() + " " + target.unit());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void theListOfFiguresIsThatOfTheText() throws IOException {
    String given = System.getProperty("kailash.specification", "");
    Path text = given.isEmpty() ? BESIDE : Path.of(given);
    if (!given.isEmpty()) {
      assertThat(text).exists();
    }
    boolean there = Files.exists(text);
    if (!there) {
      System.out.println(
          "not run: SpecificationTest.theListOfFiguresIsThatOfTheText, the specification is not at "
              + text
              + " (-Dkailash.specification=FILE)");
    }
    assumeTrue(there, "the specification is not here");
    assertThat(figures(Files.readAllLines(text, UTF_8))).isEqualTo(known());
  }

  private static List<String> figures(List<String> lines) {
    List<String> figures = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      int number = i + 1;
      String line = lines.get(i);
      boolean judged = number >= 29 && number <= 527 || number >= 582 && number <= 626;
      boolean code = number >= 352 && number <= 405;
      boolean codeWithFigures = number >= 356 && number <= 361;
      if (!judged || line.startsWith("#") || code && !codeWithFigures) {
        continue;
      }
      String said = codeWithFigures ? line.replaceFirst("#.*$", "") : line;
      Matcher figure = FIGURE.matcher(ORDINAL.matcher(said).replaceAll(""));
      while (figure.find()) {
        figures.add(number + " " + figure.group());
      }
    }
    return figures;
  }
}
