package io.kailash.recommendation.experiments;

/**
 * How many of how many, with what can be said of the share behind it.
 *
 * @param successes at most {@code trials}
 */
record Proportion(long successes, long trials) {
  Proportion {
    if (successes < 0 || successes > trials) {
      throw new IllegalArgumentException(successes + " of " + trials);
    }
  }

  /** From {@code low} to {@code high}. */
  record Interval(double low, double high) {}

  /** 0 where nothing was tried. */
  double share() {
    return trials == 0 ? 0 : (double) successes / trials;
  }

  /**
   * The interval of Wilson 1927: (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n). It stays
   * within 0 and 1 and is right for few trials, too; with none it is all of it.
   *
   * @param z quantile of the normal distribution, 1.96 for 95 per cent
   */
  Interval interval(double z) {
    if (trials == 0) {
      return new Interval(0, 1);
    }
    double n = trials;
    double p = share();
    double centre = p + z * z / (2 * n);
    double spread = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    double divisor = 1 + z * z / n;
    double low = successes == 0 ? 0 : (centre - spread) / divisor;
    double high = successes == trials ? 1 : (centre + spread) / divisor;
    return new Interval(low, high);
  }

  /**
   * The interval of the difference to another share, this one less the other: Newcombe 1998, method
   * 10, from the two intervals of Wilson.
   */
  Interval differenceTo(Proportion other, double z) {
    Interval own = interval(z);
    Interval others = other.interval(z);
    double difference = share() - other.share();
    double below = Math.sqrt(square(share() - own.low()) + square(others.high() - other.share()));
    double above = Math.sqrt(square(own.high() - share()) + square(other.share() - others.low()));
    return new Interval(difference - below, difference + above);
  }

  private static double square(double value) {
    return value * value;
  }
}
