package io.kailash.certification.judgement;

import java.util.Optional;

/** What is said of a criterion. Only {@link Pass} lets a gate pass. */
public sealed interface Verdict {

  /** Shown, on the unfavourable end of the bound. */
  record Pass(Measured measured) implements Verdict {
    @Override
    public Optional<Measured> figures() {
      return Optional.of(measured);
    }

    @Override
    public String reason() {
      return measured.method();
    }
  }

  /** Not kept. */
  record Fail(Measured measured, String reason) implements Verdict {
    @Override
    public Optional<Measured> figures() {
      return Optional.of(measured);
    }
  }

  /** Measured, but not often enough to tell; or what was measured cannot be read. */
  record InsufficientData(Optional<Measured> figures, String reason) implements Verdict {}

  /** There is no result. */
  record NotRun(String reason) implements Verdict {}

  /**
   * There is a result that says nothing: of another build, or made by a generator that fell behind.
   */
  record Void(Optional<Measured> figures, String reason) implements Verdict {}

  /** Why. */
  String reason();

  /** What was measured, if anything was. */
  default Optional<Measured> figures() {
    return Optional.empty();
  }

  /** The word for it. */
  default Word word() {
    if (this instanceof Pass) {
      return Word.PASS;
    }
    if (this instanceof Fail) {
      return Word.FAIL;
    }
    if (this instanceof InsufficientData) {
      return Word.INSUFFICIENT_DATA;
    }
    return this instanceof Void ? Word.VOID : Word.NOT_RUN;
  }

  /** The words, worst first: of several verdicts the first of these is that of all. */
  enum Word {
    FAIL,
    VOID,
    NOT_RUN,
    INSUFFICIENT_DATA,
    PASS
  }
}
