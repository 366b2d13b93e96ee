/**
 * Puts a deployment under load and writes down what happened, for the judgement to read.
 *
 * <p>It exists because load tools send what they can and report what they got: here every answer is
 * checked for its content, every open arrival keeps the time at which it was planned, and the
 * generator's own health stands beside the figures. The way through: {@link
 * io.kailash.certification.load.Prepare} reads the scenarios, fills the deployment with a {@link
 * io.kailash.certification.load.GeneratedCatalog} and lays out one JMeter plan for each; JMeter
 * runs them, and in its JVM {@link io.kailash.certification.load.LoadSampler} asks the {@link
 * io.kailash.certification.load.Phase} what to send and when; the phase writes {@code phase.json}
 * and {@code resources.csv} beside JMeter's {@code samples.jtl}.
 *
 * <p>What must hold: a plan ends by itself, also when nothing answers. An arrival that is late
 * because the service still owes answers counts, from the time at which it was planned; one that is
 * late because the generator was slow is told apart. What is sent comes from a seed.
 */
package io.kailash.certification.load;
