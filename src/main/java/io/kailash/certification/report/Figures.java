package io.kailash.certification.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Says a figure as a reader wants it: three digits that matter, a unit of the right size. */
final class Figures {
  private Figures() {}

  static String say(double value, String unit) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "never" : "–";
    }
    return switch (unit) {
      case "yes" -> value == 1 ? "yes" : "no";
      case "share" -> digits(100 * value) + " %";
      case "ms" -> Math.abs(value) >= 1000 ? digits(value / 1000) + " s" : digits(value) + " ms";
      case "s" -> seconds(value);
      case "bytes" -> bytes(value, "");
      case "bytes/second" -> bytes(value, "/s");
      case "bit/s" -> digits(value / 1e6) + " Mbit/s";
      default ->
          digits(value)
              + " "
              + unit.replace("/second", "/s").replace("/minute", "/min").replace("/hour", "/h");
    };
  }

  /** Rounded to three digits, but never a whole digit away. */
  static String digits(double value) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return value == 0 ? "0" : say(value, "");
    }
    double size = Math.abs(value);
    if (size >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value).replace(',', '\u202f');
    }
    if (size < 1e-4) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    return BigDecimal.valueOf(value)
        .round(new MathContext(size >= 100 ? 4 : 3))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static String seconds(double value) {
    if (Math.abs(value) >= 2 * 86400) {
      return digits(value / 86400) + " days";
    }
    if (Math.abs(value) >= 2 * 3600) {
      return digits(value / 3600) + " h";
    }
    return Math.abs(value) >= 300 ? digits(value / 60) + " min" : digits(value) + " s";
  }

  private static String bytes(double value, String per) {
    double size = Math.abs(value);
    if (size >= 1e9) {
      return digits(value / 1e9) + " GB" + per;
    }
    if (size >= 1e6) {
      return digits(value / 1e6) + " MB" + per;
    }
    return (size >= 1e3 ? digits(value / 1e3) + " kB" : digits(value) + " B") + per;
  }
}
