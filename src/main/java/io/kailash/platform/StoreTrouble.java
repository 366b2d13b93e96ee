package io.kailash.platform;

/** A store answered, but not as it should; the message may be told to anybody. */
final class StoreTrouble extends Exception {
  private static final long serialVersionUID = 1L;

  StoreTrouble(String message) {
    super(message);
  }
}
