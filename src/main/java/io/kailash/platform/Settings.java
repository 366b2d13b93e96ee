package io.kailash.platform;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * Reads settings and refuses wrong ones by name. Every room has one typed record of its own
 * settings and builds it from this; because those records are built while the service starts, a
 * wrong value stops the start.
 *
 * <p>A duration is written as a whole number with a unit ({@code 250ms}, {@code 30s}, {@code 5m},
 * {@code 1h}, {@code 7d}) or as ISO 8601 ({@code PT30S}).
 */
public final class Settings {
  private final Config config;

  public Settings(Config config) {
    this.config = config;
  }

  /** The value, or {@code fallback} where it is not set or blank. */
  public String text(String name, String fallback) {
    return optional(name).orElse(fallback);
  }

  /** The value, if it is set and not blank. */
  public Optional<String> optional(String name) {
    return config.getOptionalValue(name, String.class).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** A whole number between {@code least} and {@code most}, both allowed. */
  public int wholeNumber(String name, int fallback, int least, int most) {
    Optional<String> value = optional(name);
    if (value.isEmpty()) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw wrong(name, value.get(), "is not a whole number", notANumber);
    }
    throw wrong(name, value.get(), "is not between " + least + " and " + most, null);
  }

  /** A number between 0 and 1, both allowed. */
  public double share(String name, double fallback) {
    Optional<String> value = optional(name);
    if (value.isEmpty()) {
      return fallback;
    }
    try {
      double number = Double.parseDouble(value.get());
      if (number >= 0 && number <= 1) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw wrong(name, value.get(), "is not a number", notANumber);
    }
    throw wrong(name, value.get(), "is not between 0 and 1", null);
  }

  /** {@code true} or {@code false}; anything else is refused. */
  public boolean flag(String name, boolean fallback) {
    Optional<String> value = optional(name);
    if (value.isEmpty()) {
      return fallback;
    }
    return switch (value.get().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(name, value.get(), "is neither true nor false", null);
    };
  }

  /** A duration longer than zero. */
  public Duration duration(String name, Duration fallback) {
    Optional<String> value = optional(name);
    if (value.isEmpty()) {
      return fallback;
    }
    Duration duration;
    try {
      duration = parseDuration(value.get());
    } catch (DateTimeParseException | ArithmeticException | NumberFormatException wrong) {
      throw wrong(
          name, value.get(), "is not a duration such as 250ms, 30s, 5m, 1h or PT30S", wrong);
    }
    if (duration.isZero() || duration.isNegative()) {
      throw wrong(name, value.get(), "is not longer than zero", null);
    }
    return duration;
  }

  /** A duration within bounds, both included. */
  public Duration duration(String name, Duration fallback, Duration least, Duration most) {
    Duration duration = duration(name, fallback);
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw wrong(
          name,
          text(name, duration.toString()),
          "is not from " + least + " to " + most + " (ISO 8601)",
          null);
    }
    return duration;
  }

  private static Duration parseDuration(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("p")) {
      return Duration.parse(text);
    }
    int digits = 0;
    while (digits < lower.length() && Character.isDigit(lower.charAt(digits))) {
      digits++;
    }
    long amount = Long.parseLong(lower.substring(0, digits));
    return switch (lower.substring(digits).strip()) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> throw new DateTimeParseException("no unit", text, digits);
    };
  }

  private static InvalidSettingException wrong(
      String name, String value, String why, RuntimeException cause) {
    return new InvalidSettingException(name, "'" + value + "' " + why, cause);
  }
}
