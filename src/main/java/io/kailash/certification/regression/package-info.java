/**
 * Compares a build with another one, and with all that came before.
 *
 * <p>{@link io.kailash.certification.regression.Regression} compares pairs of segments that were
 * measured in turns on one machine (A B A B …) with the budgets of a release; {@link
 * io.kailash.certification.regression.History} keeps one line for each run of a class of machines
 * and looks for a change in their trend. What must hold: two builds that are the same are not told
 * apart, and what cannot be told yet says how much more measuring would tell.
 */
package io.kailash.certification.regression;
