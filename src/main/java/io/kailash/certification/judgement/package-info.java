/**
 * Gives verdicts.
 *
 * <p>The way through it: {@link io.kailash.certification.judgement.Assessor} finds the results that
 * belong to each criterion of a gate, {@link
 * io.kailash.certification.judgement.PerformanceValidator} judges one criterion by one run, {@link
 * io.kailash.certification.judgement.EvidenceValidator} by the evidence of a drill; {@link
 * io.kailash.certification.judgement.Bounds} holds the statistics.
 *
 * <p>What must hold: the unfavourable end of the 95 % bound is judged. What has too few samples, no
 * results or a generator that fell behind never passes. Why each method was chosen stands in
 * decision 0012.
 */
package io.kailash.certification.judgement;
