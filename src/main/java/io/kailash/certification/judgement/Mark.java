package io.kailash.certification.judgement;

/** What stands beside a verdict without changing it. */
public enum Mark {
  /** The run was shorter than specified. */
  COMPRESSED,
  /** The machine is smaller than the least that is specified. */
  BELOW_SPEC
}
