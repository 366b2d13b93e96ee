package io.kailash.platform;

/**
 * A setting has a value the service cannot run with. The message starts with the setting's name.
 */
public final class InvalidSettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidSettingException(String name, String why, Throwable cause) {
    super("setting " + name + ": " + why, cause);
  }
}
