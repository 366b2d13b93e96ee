package io.kailash.certification.targets;

/**
 * One figure, shown by one scenario or drill, for one gate: what gets a verdict.
 *
 * @param target the figure
 * @param use which gate needs it, and from where it is shown
 */
public record Criterion(Target target, Target.Use use) {

  /** Unique name: the figure and what shows it. */
  public String id() {
    return target.id() + use.scenario().map(name -> "@" + name).orElse("");
  }
}
