/**
 * What was measured: the folder that a scenario's run leaves behind, and the evidence of drills.
 *
 * <p>Every sample is kept, as a count of its exact value, so that memory grows with the number of
 * different values and not with the length of the run, and no percentile is an estimate. An answer
 * that was wrong or never came counts as one that takes for ever. What cannot be read is refused
 * with the file and the line: half a file is never judged as a whole one.
 */
package io.kailash.certification.results;
