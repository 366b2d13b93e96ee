package io.kailash.similarity;

/**
 * Vectors cannot be had at present: the store is not reached or does not answer in time, or the
 * model that makes them is overloaded or cannot run on this machine. The same may work later; the
 * message names no address and may be told to anybody.
 */
public final class VectorStoreDown extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Tells what is missing. */
  public VectorStoreDown(String message, Throwable cause) {
    super(message, cause);
  }
}
