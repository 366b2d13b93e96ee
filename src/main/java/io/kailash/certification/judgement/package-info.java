/**
 * Gives verdicts.
 *
 * <p>The way through it: {@link io.kailash.certification.judgement.Assessor} finds the results that
 * belong to each criterion of a gate, {@link
 * io.kailash.certification.judgement.PerformanceValidator} judges one criterion by one run (how in
 * {@code Times}, {@code Shares}, {@code Rates}, {@code Resources} and {@code Steadiness}), {@link
 * io.kailash.certification.judgement.EvidenceValidator} by the evidence of a drill; {@code Limits}
 * says whether an estimate keeps its target, {@code Bounds} holds the statistics.
 *
 * <p>What must hold: the unfavourable end of the 95 % bound is judged. What has too few samples, no
 * results or a generator that fell behind never passes. Why each method was chosen stands in
 * decision 0012.
 */
package io.kailash.certification.judgement;
