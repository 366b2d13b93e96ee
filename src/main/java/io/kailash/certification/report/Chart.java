package io.kailash.certification.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** A line chart as SVG that needs nothing from outside. */
final class Chart {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 250;
  private static final int LEFT = 58;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 34;
  private static final int TICKS = 5;

  /** A line; values that are not numbers leave a gap. */
  record Series(String name, double[] x, double[] y) {}

  /** A level to compare with. */
  record Level(String name, double y) {}

  /** Where a tick stands, and what it says. */
  private record Tick(double at, String says) {}

  private final String describes;
  private final String xTitle;
  private final List<Series> series;
  private List<Level> levels = List.of();
  private DoubleFunction<String> yText = Figures::digits;
  private List<Tick> xTicks;
  private boolean logarithmic;
  private double yFloor;

  Chart(String describes, String xTitle, List<Series> series) {
    this.describes = describes;
    this.xTitle = xTitle;
    this.series = series.stream().filter(line -> line.x().length > 0).toList();
  }

  Chart levels(List<Level> wanted) {
    levels = wanted;
    return this;
  }

  Chart yText(DoubleFunction<String> text) {
    yText = text;
    return this;
  }

  /** The y axis grows by factors; what is not above nought is left out. */
  Chart logarithmic() {
    logarithmic = true;
    return this;
  }

  /** The y axis reaches at least up to here. */
  Chart atLeast(double y) {
    yFloor = y;
    return this;
  }

  /** Percentiles on an axis that grows towards 100 by factors of ten. */
  Chart percentiles() {
    xTicks = new ArrayList<>();
    for (double p : new double[] {0, 50, 90, 95, 99, 99.9, 99.99}) {
      xTicks.add(new Tick(percentileAt(p), Figures.digits(p)));
    }
    return this;
  }

  static double percentileAt(double percent) {
    return -Math.log10(1 - percent / 100);
  }

  boolean empty() {
    return series.isEmpty();
  }

  String svg() {
    double xLow = Double.POSITIVE_INFINITY;
    double xHigh = Double.NEGATIVE_INFINITY;
    double yLow = logarithmic ? Double.POSITIVE_INFINITY : 0;
    double yHigh = yFloor;
    for (Series line : series) {
      for (int i = 0; i < line.x().length; i++) {
        xLow = Math.min(xLow, line.x()[i]);
        xHigh = Math.max(xHigh, line.x()[i]);
        if (!Double.isNaN(line.y()[i]) && (!logarithmic || line.y()[i] > 0)) {
          yLow = Math.min(yLow, line.y()[i]);
          yHigh = Math.max(yHigh, line.y()[i]);
        }
      }
    }
    for (Level level : levels) {
      if (level.y() <= 4 * yHigh) {
        yHigh = Math.max(yHigh, level.y());
      }
    }
    List<Tick> yTicks = logarithmic ? decades(yLow, yHigh) : round(yHigh <= 0 ? 1 : yHigh);
    double bottom = yTicks.get(0).at();
    double top = yTicks.get(yTicks.size() - 1).at();
    double right = xHigh > xLow ? xHigh : xLow + 1;
    StringBuilder svg = new StringBuilder();
    put(
        svg,
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH,
        HEIGHT,
        describes);
    for (Tick tick : yTicks) {
      double y = y(tick.at(), bottom, top);
      put(
          svg,
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
          LEFT,
          WIDTH - RIGHT,
          y,
          y);
      put(
          svg,
          "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>",
          LEFT - 6,
          y + 3.5,
          tick.says());
    }
    for (Tick tick : xTicks == null ? round(xLow, right) : xTicks) {
      if (tick.at() >= xLow - 1e-9 && tick.at() <= right + 1e-9) {
        double x = x(tick.at(), xLow, right);
        put(
            svg,
            "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
            x,
            x,
            HEIGHT - BOTTOM,
            HEIGHT - BOTTOM + 4);
        put(
            svg,
            "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>",
            x,
            HEIGHT - BOTTOM + 16,
            tick.says());
      }
    }
    put(
        svg,
        "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
        LEFT,
        WIDTH - RIGHT,
        HEIGHT - BOTTOM,
        HEIGHT - BOTTOM);
    put(
        svg,
        "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>",
        WIDTH - RIGHT,
        HEIGHT - 3,
        xTitle);
    for (Level level : levels) {
      if (level.y() <= top && (!logarithmic || level.y() >= Math.pow(10, bottom))) {
        double y = y(scaled(level.y()), bottom, top);
        put(
            svg,
            "<line class=\"level\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
            LEFT,
            WIDTH - RIGHT,
            y,
            y);
        put(
            svg,
            "<text class=\"level\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>",
            WIDTH - RIGHT - 2,
            y - 4,
            level.name());
      }
    }
    for (int s = 0; s < series.size(); s++) {
      put(
          svg,
          "<path class=\"line s%d\" d=\"%s\"/>",
          s % 8,
          path(series.get(s), xLow, right, bottom, top));
    }
    return svg.append("</svg>").toString();
  }

  List<String> names() {
    return series.stream().map(Series::name).toList();
  }

  private String path(Series line, double xLow, double xHigh, double bottom, double top) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    int points = 0;
    for (int i = 0; i < line.x().length; i++) {
      double value = line.y()[i];
      if (Double.isNaN(value) || (logarithmic && value <= 0)) {
        drawing = false;
        continue;
      }
      put(
          path,
          "%s%.1f %.1f",
          drawing ? "L" : "M",
          x(line.x()[i], xLow, xHigh),
          y(scaled(value), bottom, top));
      drawing = true;
      points++;
    }
    // A single point would be invisible.
    return points == 1 ? path + "h2" : path.toString();
  }

  private double scaled(double value) {
    return logarithmic ? Math.log10(value) : value;
  }

  private static double x(double value, double low, double high) {
    return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double value, double bottom, double top) {
    return HEIGHT - BOTTOM - (value - bottom) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
  }

  private List<Tick> decades(double low, double high) {
    List<Tick> ticks = new ArrayList<>();
    int from = Double.isInfinite(low) ? 0 : (int) Math.floor(Math.log10(low));
    int to = Double.isInfinite(low) ? 1 : Math.max(from + 1, (int) Math.ceil(Math.log10(high)));
    for (int decade = from; decade <= to; decade++) {
      ticks.add(new Tick(decade, yText.apply(Math.pow(10, decade))));
    }
    return ticks;
  }

  private List<Tick> round(double high) {
    double step = step(high / TICKS);
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i == 0 || (i - 1) * step < high * (1 - 1e-9); i++) {
      ticks.add(new Tick(i * step, yText.apply(i * step)));
    }
    return ticks;
  }

  private static List<Tick> round(double low, double high) {
    double step = step((high - low) / TICKS);
    List<Tick> ticks = new ArrayList<>();
    for (double at = Math.ceil(low / step) * step; at <= high + 1e-9; at += step) {
      ticks.add(new Tick(at, Figures.digits(at)));
    }
    return ticks;
  }

  /** 1, 2 or 5 times a power of ten. */
  private static double step(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double factor = rough / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }

  private static void put(StringBuilder to, String format, Object... values) {
    to.append(String.format(Locale.ROOT, format, values));
  }
}
