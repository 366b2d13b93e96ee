package io.kailash.certification.report;

import io.kailash.certification.targets.Target;

/** Why a figure has no verdict here. */
final class NotJudged {
  private NotJudged() {}

  static String why(Target target) {
    return switch (target.judged()) {
      case INPUT -> "no data: it comes from the operator" + note(target);
      case SAME -> "the same figure as " + target.note().orElse("");
      case NOT_HERE -> target.note().orElse("");
      case REGRESSION -> "judged by comparing builds (mvn verify -Pregression)";
      case CONFIGURATION ->
          target.measure().isPresent()
              ? "the machine; less than the least reads BELOW_SPEC"
              : "no check of the configuration was given; no gate requires one" + note(target);
      case DRILL, LOAD ->
          target.uses().isEmpty()
              ? "no drill was given; no gate requires one" + note(target)
              : "judged by gate "
                  + String.join(
                      ", ", target.uses().stream().map(use -> "" + use.gate()).distinct().toList());
    };
  }

  private static String note(Target target) {
    return target.note().map(note -> "; " + note).orElse("");
  }
}
