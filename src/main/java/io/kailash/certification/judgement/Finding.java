package io.kailash.certification.judgement;

import io.kailash.certification.targets.Criterion;
import java.util.Set;

/** A criterion with its verdict and its marks. */
public record Finding(Criterion criterion, Verdict verdict, Set<Mark> marks) {}
