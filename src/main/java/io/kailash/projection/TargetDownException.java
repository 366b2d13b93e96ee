package io.kailash.projection;

/**
 * A target, or what is read for it, cannot be reached at present; the same may work later. Anything
 * else that a target throws is held against the change it was given. The message may be told to
 * anybody.
 */
final class TargetDownException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TargetDownException(String message, Throwable cause) {
    super(message, cause);
  }
}
