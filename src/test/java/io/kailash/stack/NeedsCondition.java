package io.kailash.stack;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips, or fails, what {@link Needs} something that this machine does not have. */
final class NeedsCondition implements ExecutionCondition {

  /** For each need, why it cannot be met; empty when it can. */
  private static final Map<String, Supplier<Optional<String>>> ABSENCES =
      Map.of(
          "chroma",
          () -> RunningService.get().stack().chromaAbsence(),
          "browser",
          NeedsCondition::browserAbsence,
          "curl",
          NeedsCondition::curlAbsence);

  private final Map<String, Supplier<Optional<String>>> absences;
  private final Supplier<String> required;
  private final Consumer<String> skips;

  NeedsCondition() {
    this(ABSENCES, NeedsCondition::requiredHere, System.out::println);
  }

  /**
   * A condition of its own.
   *
   * @param required names whose absence is a failure, separated by commas
   * @param skips hears a line for each test that is skipped
   */
  NeedsCondition(
      Map<String, Supplier<Optional<String>>> absences,
      Supplier<String> required,
      Consumer<String> skips) {
    this.absences = absences;
    this.required = required;
    this.skips = skips;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<Needs> needs =
        AnnotationSupport.findRepeatableAnnotations(context.getElement(), Needs.class);
    String test =
        context.getTestClass().map(Class::getSimpleName).orElse("")
            + context.getTestMethod().map(method -> "." + method.getName()).orElse("");
    for (Needs need : needs) {
      Optional<String> reason = missing(need.value(), test, required.get());
      if (reason.isPresent()) {
        skips.accept("SKIPPED " + test + ": " + reason.get());
        return ConditionEvaluationResult.disabled(reason.get());
      }
    }
    return ConditionEvaluationResult.enabled("everything needed is here");
  }

  /**
   * Why the test must be skipped, if it must.
   *
   * @throws IllegalStateException when it must not be skipped, or a name is unknown
   */
  Optional<String> missing(String need, String test, String mustBeHereNames) {
    Set<String> mustBeHere = new TreeSet<>();
    Stream.of(mustBeHereNames.split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .forEach(mustBeHere::add);
    for (String name : mustBeHere) {
      if (!absences.containsKey(name)) {
        throw new IllegalStateException(
            "kailash.require="
                + mustBeHereNames
                + " is wrong: it may name "
                + new TreeSet<>(absences.keySet()));
      }
    }
    Supplier<Optional<String>> absence = absences.get(need);
    if (absence == null) {
      throw new IllegalStateException(test + " needs the unknown " + need);
    }
    Optional<String> reason = absence.get().map(why -> "needs " + need + ": " + why);
    if (reason.isPresent() && mustBeHere.contains(need)) {
      throw new IllegalStateException(
          test + " " + reason.get() + " (and kailash.require asks for it)");
    }
    return reason;
  }

  private static String requiredHere() {
    String variable = System.getenv("KAILASH_REQUIRE");
    return System.getProperty("kailash.require", variable == null ? "" : variable);
  }

  private static Optional<String> browserAbsence() {
    if (Stream.of("chromium", "chromium-browser", "google-chrome")
        .noneMatch(name -> Programs.onPath(name).isPresent())) {
      return Optional.of("Chromium (chromium) is not on the path");
    }
    if (Programs.onPath("chromedriver").isEmpty()) {
      return Optional.of("Chromium's driver (chromedriver) is not on the path");
    }
    return Optional.empty();
  }

  private static Optional<String> curlAbsence() {
    return Programs.onPath("curl").isPresent()
        ? Optional.empty()
        : Optional.of("curl is not on the path");
  }
}
