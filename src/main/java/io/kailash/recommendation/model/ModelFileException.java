package io.kailash.recommendation.model;

import java.io.IOException;

/**
 * A model file is cut, damaged, of another kind or of a version that this program does not read.
 */
public final class ModelFileException extends IOException {

  private static final long serialVersionUID = 1L;

  ModelFileException(String message) {
    super(message);
  }

  ModelFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
