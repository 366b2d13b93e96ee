package io.kailash.certification;

import io.kailash.certification.SyntheticRun.Sample;
import io.kailash.certification.targets.Scenario;
import io.kailash.certification.targets.Target;
import java.util.function.DoubleFunction;

/**
 * For each kind of criterion a run that measures just the value that is wanted, and values on both
 * sides of the limit.
 *
 * @param measuring value to run
 * @param good far on the good side
 * @param justGood close to the limit, on the good side
 * @param justBad close to the limit, on the bad side
 * @param bad far on the bad side
 */
record Planted(
    DoubleFunction<SyntheticRun> measuring,
    double good,
    double justGood,
    double justBad,
    double bad) {
  private static final int MANY = 20_000;
  private static final double HAIR = 1e-6;

  static Planted of(Target target, Scenario scenario) {
    String label = target.label().orElse(scenario.labels().keySet().iterator().next());
    double v = target.value();
    return switch (target.measure().orElseThrow()) {
      case LATENCY ->
          new Planted(
              ms -> new SyntheticRun(scenario).spread(label, 400, 60_000, ms),
              v / 2,
              v,
              v + 0.001,
              v * 2);
      case THROUGHPUT -> {
        double unit =
            scenario.perSample().getOrDefault(label, 1.0)
                * (target.unit().endsWith("/minute")
                    ? 60
                    : target.unit().endsWith("/hour") ? 3600 : 1);
        double limit = 0.999 * v;
        yield new Planted(
            rate -> {
              // Long enough for a rounded millisecond to be less than the step across the limit.
              int n = (int) Math.max(1000, 5 * v / unit);
              return new SyntheticRun(scenario).spread(label, n, (n - 1) * 1000.0 * unit / rate, 1);
            },
            v * 1.5,
            limit * 1.0005,
            limit * 0.9995,
            v / 2);
      }
      // 12 and 13 of 20 000 have upper bounds of 0.097 % and 0.103 %: half the 95 % quantile of
      // chi-squared with 2k + 2 degrees of freedom, over n.
      case ERROR_RATE -> new Planted(wrong -> wrong(scenario, label, MANY, wrong), 0, 12, 13, 400);
      case SUCCESS_RATE ->
          v == 0.999
              ? new Planted(wrong -> wrong(scenario, label, MANY, wrong), 0, 12, 13, 400)
              // likewise 1 and 2 of 1000: 0.474 % and 0.630 %
              : new Planted(wrong -> wrong(scenario, label, 1000, wrong), 0, 1, 2, 100);
      case SHARE -> {
        double half = 1.645 * Math.sqrt(v * (1 - v) / MANY);
        double off = target.tolerance() - half;
        yield new Planted(
            share -> {
              int own = (int) Math.round(share * MANY);
              return new SyntheticRun(scenario)
                  .spread(label, own, 60_000, 2)
                  .spread("other", MANY - own, 60_000, 2);
            },
            v,
            v + off - 0.0007,
            v + off + 0.0007,
            v - 3 * target.tolerance());
      }
      case USERS ->
          target.label().isPresent()
              ? new Planted(
                  n -> new SyntheticRun(scenario).spread(label, (int) n, 60_000, 5),
                  v + 10,
                  v,
                  v - 1,
                  v / 2)
              : new Planted(
                  n -> {
                    SyntheticRun run = new SyntheticRun(scenario).spread(label, 400, 60_000, 5);
                    return run.change(
                        s ->
                            new Sample(
                                s.label(), s.at(), s.elapsed(), true, 1, 1, (long) n, false));
                  },
                  v + 10,
                  v,
                  v - 1,
                  Math.floor(v / 2));
      case DURATION -> {
        double limit = v - Math.max(1, 0.01 * v);
        yield new Planted(
            s -> new SyntheticRun(scenario).spread(label, 400, s * 1000 - 5, 5),
            v,
            limit,
            limit - 0.01,
            v / 2);
      }
      case STREAM_RATE ->
          new Planted(
              bytes ->
                  new SyntheticRun(scenario)
                      .spread(label, 400, 60_000, 1000)
                      .change(
                          s ->
                              new Sample(
                                  s.label(), s.at(), s.elapsed(), true, (long) bytes, 1, 1, false)),
              v * 2,
              v,
              v - 1,
              v / 2);
      case BYTES_SENT, BYTES_RECEIVED ->
          new Planted(
              rate ->
                  new SyntheticRun(scenario)
                      .spread(label, 100, 99_000, 1000)
                      .change(
                          s ->
                              new Sample(
                                  s.label(),
                                  s.at(),
                                  s.elapsed(),
                                  true,
                                  (long) rate,
                                  (long) rate,
                                  1,
                                  false)),
              v * 2,
              Math.ceil(v),
              Math.floor(v),
              v / 2);
      case CPU, PROCESS_CPU ->
          used(scenario, label, target, share -> new double[] {share, 1e9, 0.5});
      case RSS -> used(scenario, label, target, bytes -> new double[] {0.2, bytes, 0.5}).hair(v, 1);
      case MEMORY ->
          used(
              scenario,
              label,
              target,
              share -> new double[] {0.2, share * SyntheticRun.MACHINE_BYTES, 0.5});
      case DISK -> used(scenario, label, target, share -> new double[] {0.2, 1e9, 1 - share});
      case VARIANCE_CPU ->
          varied(
              scenario,
              label,
              v,
              (run, at, f) -> run.resourceAt("service", at, 0.3 * f, 1e9, 3e8, 0.5));
      case VARIANCE_MEMORY ->
          varied(
              scenario,
              label,
              v,
              (run, at, f) -> run.resourceAt("service", at, 0.3, 1e9 * f, 3e8, 0.5));
      case GROWTH_MEMORY ->
          new Planted(
              rise -> {
                SyntheticRun run =
                    new SyntheticRun(scenario).noResources().spread(label, 400, 60_000, 5);
                for (int i = 0; i < 100; i++) {
                  run.resourceAt("service", i, 0.3, 1e9, 1e12 * (1 + rise * (i / 10) / 9.0), 0.5);
                }
                return run;
              },
              0,
              v - HAIR,
              v + HAIR,
              v * 3);
      case VARIANCE_LATENCY ->
          new Planted(
              off -> tenths(scenario, label, part -> part == 3 ? 1 + off : (9 - off) / 9),
              0,
              v - 0.005,
              v + 0.005,
              v * 2);
      case TREND_LATENCY ->
          new Planted(
              rise -> tenths(scenario, label, part -> 1 + rise * (part - 4.5) / 9),
              0,
              v - 0.005,
              v + 0.005,
              v * 3);
      case STABILITY_THROUGHPUT ->
          new Planted(
              least -> {
                double rate = scenario.rate().orElseThrow();
                SyntheticRun run = new SyntheticRun(scenario);
                int n = (int) (rate * 20);
                for (int i = 0; i < n; i++) {
                  double at = i * 1000.0 / rate;
                  boolean inWeakTenth = at >= 6000 && at < 8000;
                  boolean right = !inWeakTenth || i % 1000 < least * 1000;
                  run.add(new Sample(label, at, 1, right, 1, 1, 1, false));
                }
                return run;
              },
              1,
              v + 0.005,
              v - 0.005,
              v / 2);
      case DEGRADATION ->
          new Planted(
              share -> {
                int n = 20_000;
                double capacity = scenario.rate().orElseThrow() / 2;
                int right = (int) Math.round(n / 2.0 * share);
                SyntheticRun run = new SyntheticRun(scenario);
                for (int i = 0; i < n; i++) {
                  run.add(
                      new Sample(
                          label,
                          i * 500.0 / capacity,
                          1,
                          (long) i * right % n < right,
                          1,
                          1,
                          1,
                          false));
                }
                return run;
              },
              1,
              v + 0.001,
              v - 0.001,
              v / 5);
      case RECOVERY ->
          new Planted(
              s -> {
                SyntheticRun run = new SyntheticRun(scenario).spread(label, 6000, 119_990, 2);
                return run.change(x -> x.at() < s * 1000 ? x.wrong() : x);
              },
              0,
              v,
              v + 1,
              v * 2);
      case MACHINE -> throw new IllegalArgumentException("no gate judges the machine");
    };
  }

  private Planted hair(double limit, double hair) {
    return new Planted(measuring, good, limit, limit + hair, bad);
  }

  private static SyntheticRun wrong(Scenario scenario, String label, int count, double wrong) {
    int[] at = {0};
    return new SyntheticRun(scenario)
        .spread(label, count, 60_000, 5)
        .change(sample -> at[0]++ < wrong ? sample.wrong() : sample);
  }

  private static Planted used(
      Scenario scenario, String label, Target target, DoubleFunction<double[]> figures) {
    double v = target.value();
    boolean strict = target.direction() == Target.Direction.BELOW;
    return new Planted(
        value -> {
          double[] f = figures.apply(value);
          return new SyntheticRun(scenario)
              .noResources()
              .spread(label, 400, 60_000, 5)
              .resource("service", 60, f[0], f[1], 3e8, f[2])
              // what the generator uses is no part of it
              .resource("generator", 60, 0.9, 9e9, 3e8, Double.NaN);
        },
        v / 2,
        strict ? v - HAIR : v,
        v + HAIR,
        Math.min(v * 1.4, v == 0.9 ? 0.99 : v * 1.4));
  }

  private interface At {
    void put(SyntheticRun run, int second, double factor);
  }

  private static Planted varied(Scenario scenario, String label, double v, At at) {
    return new Planted(
        off -> {
          SyntheticRun run = new SyntheticRun(scenario).noResources().spread(label, 400, 60_000, 5);
          for (int i = 0; i < 100; i++) {
            at.put(run, i, i / 10 == 6 ? 1 + off : (9 - off) / 9);
          }
          return run;
        },
        0,
        v - HAIR,
        v + HAIR,
        v * 3);
  }

  private static SyntheticRun tenths(
      Scenario scenario, String label, DoubleFunction<Double> factor) {
    SyntheticRun run = new SyntheticRun(scenario).seconds(99);
    for (int i = 0; i < 1000; i++) {
      // Half a second into each tenth of a hundred seconds, so that no tenth borders on another.
      double at = i * 100.0 + 1;
      run.add(
          new Sample(
              label,
              at,
              50 * factor.apply(i / 100),
              true,
              1,
              1,
              scenario.users().orElse(1),
              false));
    }
    return run;
  }
}
