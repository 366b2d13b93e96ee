package io.kailash.certification;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Options of a command: {@code --name value} or {@code --name=value}. An empty value is as if it
 * were not there.
 */
record Options(Map<String, String> given, boolean help) {

  /** An option that is wrong; the message names it. */
  static final class WrongOptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongOptionException(String message) {
      super(message);
    }
  }

  static Options of(List<String> known, String... arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i];
      if (name.equals("--help")) {
        return new Options(Map.of(), true);
      }
      int equals = name.indexOf('=');
      String value = null;
      if (equals >= 0) {
        value = name.substring(equals + 1);
        name = name.substring(0, equals);
      }
      if (!name.startsWith("--") || !known.contains(name.substring(2))) {
        throw new WrongOptionException("there is no option '" + name + "'; --help lists them");
      }
      if (value == null) {
        i++;
        if (i == arguments.length) {
          throw new WrongOptionException(name + " has no value");
        }
        value = arguments[i];
      }
      if (given.put(name.substring(2), value) != null) {
        throw new WrongOptionException(name + " is there twice");
      }
    }
    return new Options(given, false);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(given.get(name)).filter(value -> !value.isBlank());
  }

  Path path(String name, String otherwise) {
    return Path.of(text(name).orElse(otherwise));
  }

  List<String> list(String name) {
    return text(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }
}
