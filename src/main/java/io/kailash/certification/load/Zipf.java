package io.kailash.certification.load;

import java.util.SplittableRandom;

/**
 * Draws ranks from 0 with probability proportional to {@code (rank + 1)^-exponent}, by
 * rejection-inversion (W. Hörmann, G. Derflinger: Rejection-inversion to generate variates from
 * monotone discrete distributions, 1996), for exponents other than 1.
 *
 * <p>Commons Math has the same with a generator of its own that many threads cannot share; this one
 * draws from whatever source it is given.
 */
final class Zipf {
  private final int count;
  private final double exponent;
  private final double low;
  private final double high;
  private final double squeeze;

  Zipf(int count, double exponent) {
    if (count < 1 || exponent <= 0 || exponent == 1) {
      throw new IllegalArgumentException(count + " ranks with exponent " + exponent);
    }
    this.count = count;
    this.exponent = exponent;
    this.low = integral(1.5) - 1;
    this.high = integral(count + 0.5);
    this.squeeze = 2 - inverse(integral(2.5) - Math.pow(2, -exponent));
  }

  int draw(SplittableRandom random) {
    while (true) {
      double u = high + random.nextDouble() * (low - high);
      double x = inverse(u);
      int rank = (int) Math.min(Math.max(Math.round(x), 1), count);
      if (rank - x <= squeeze || u >= integral(rank + 0.5) - Math.pow(rank, -exponent)) {
        return rank - 1;
      }
    }
  }

  private double integral(double x) {
    return (Math.pow(x, 1 - exponent) - 1) / (1 - exponent);
  }

  private double inverse(double y) {
    return Math.pow(1 + y * (1 - exponent), 1 / (1 - exponent));
  }
}
