package io.kailash.stack;

/** Hears one line for each step of starting and stopping. Called from several threads. */
@FunctionalInterface
public interface ProgressListener {

  /** One step is done, or something worth knowing happened; {@code line} has no line break. */
  void progress(String line);
}
