package io.kailash.transfer.uploads;

/** Texts of a file in messages. */
final class Shown {
  private static final int MOST = 60;

  private Shown() {}

  /** At most a line's worth, without anything that is not to be seen. */
  static String of(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && shown.length() < MOST; i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '\ufffd' : c);
    }
    return text.length() > MOST ? shown + "…" : shown.toString();
  }
}
