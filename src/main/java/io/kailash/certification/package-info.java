/**
 * Judges a deployment from outside, by what was measured, and says honestly what was shown.
 *
 * <p>The way through it: {@link io.kailash.certification.targets} holds what is wanted, {@link
 * io.kailash.certification.results} what was measured, {@link io.kailash.certification.judgement}
 * gives a verdict for each criterion, {@link io.kailash.certification.report} writes it down for
 * people and machines, {@link io.kailash.certification.certificate} signs it, and {@link
 * io.kailash.certification.Gate} is the door through which Maven comes. {@link
 * io.kailash.certification.regression} compares two builds.
 *
 * <p>What must hold: nothing passes that was not measured. A missing or broken file, a criterion
 * without data, a gate without criteria and a generator that fell behind are verdicts of their own,
 * and none of them is a pass.
 */
package io.kailash.certification;
