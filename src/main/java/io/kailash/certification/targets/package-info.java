/**
 * What is wanted: the figures of the specification and the scenarios that show them, read from
 * {@code jmeter/targets.yaml} and {@code jmeter/scenarios.yaml}.
 *
 * <p>The way through it: {@link io.kailash.certification.targets.CheckedFile} reads a file and
 * holds it against its JSON Schema, {@link io.kailash.certification.targets.Targets} and {@link
 * io.kailash.certification.targets.Scenarios} make values of it. A file that breaks its schema or
 * names something that is not there is refused whole, with every line that is wrong.
 */
package io.kailash.certification.targets;
