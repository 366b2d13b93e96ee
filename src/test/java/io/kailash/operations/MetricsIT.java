package io.kailash.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.classification.SmallShop;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsIT {
  private final RunningService service = RunningService.get();

  private PrometheusText scrape() {
    return PrometheusText.parse(
        service.send(service.request("/metrics").setHeader("Accept", "text/plain").GET()).body());
  }

  private static double limit(PrometheusText figures, String unit, String store, String limit) {
    return figures.value("kailash_pool_limit_" + unit, Map.of("store", store, "limit", limit));
  }

  @Test
  void everySpecifiedLimitOfEveryPoolIsShown() {
    PrometheusText figures = scrape();
    assertThat(limit(figures, "connections", "postgresql", "min")).isEqualTo(10);
    assertThat(limit(figures, "connections", "postgresql", "max")).isEqualTo(50);
    assertThat(limit(figures, "seconds", "postgresql", "connection_timeout")).isEqualTo(30);
    assertThat(limit(figures, "seconds", "postgresql", "idle_timeout")).isEqualTo(300);
    assertThat(limit(figures, "seconds", "postgresql", "recycle")).isEqualTo(3600);
    assertThat(limit(figures, "connections", "neo4j", "min")).isEqualTo(5);
    assertThat(limit(figures, "connections", "neo4j", "max")).isEqualTo(25);
    assertThat(limit(figures, "seconds", "neo4j", "connection_timeout")).isEqualTo(15);
    assertThat(limit(figures, "seconds", "neo4j", "idle_timeout")).isEqualTo(180);
    assertThat(limit(figures, "connections", "redis", "min")).isEqualTo(5);
    assertThat(limit(figures, "connections", "redis", "max")).isEqualTo(100);
    assertThat(limit(figures, "seconds", "redis", "connection_timeout")).isEqualTo(5);
    assertThat(limit(figures, "seconds", "redis", "idle_timeout")).isEqualTo(60);
    assertThat(limit(figures, "connections", "http", "max")).isEqualTo(100);
    assertThat(limit(figures, "connections", "http", "max_per_host")).isEqualTo(20);
    assertThat(limit(figures, "seconds", "http", "connection_timeout")).isEqualTo(10);
    assertThat(limit(figures, "seconds", "http", "read_timeout")).isEqualTo(30);
  }

  @Test
  void everyPoolHoldsItsMinimumOnceItsStoreWasReached() throws Exception {
    for (String store : List.of("postgresql", "redis", "neo4j")) {
      Eventually.until(
          store + " to have its minimum open",
          () -> open(store) >= limit(scrape(), "connections", store, "min"));
      assertThat(open(store)).isLessThanOrEqualTo(limit(scrape(), "connections", store, "max"));
    }
  }

  private double open(String store) {
    PrometheusText figures = scrape();
    return figures.value("kailash_pool_connections", Map.of("store", store, "state", "active"))
        + figures.value("kailash_pool_connections", Map.of("store", store, "state", "idle"));
  }

  @Test
  void usingPostgresCountsAcquiredConnections() throws Exception {
    Map<String, String> acquired = Map.of("store", "postgresql", "event", "acquired");
    double before = scrape().value("kailash_pool_events_total", acquired);
    service.get("/api/v1/audit");
    Eventually.until(
        "the use to be counted",
        () -> scrape().value("kailash_pool_events_total", acquired) > before);
  }

  @Test
  void decisionsAndWhereAnswersComeFromAreCounted() throws Exception {
    SmallShop shop = SmallShop.withLabels(service, "metrics-decisions", 20);
    shop.train(true);
    Map<String, String> written = Map.of("outcome", "written");
    PrometheusText before = scrape();
    for (int i = 0; i < 3; i++) {
      assertThat(shop.classify("green tea of the metrics").status()).isEqualTo(200);
    }
    PrometheusText after = scrape();
    // What was asked once is not kept yet.
    assertThat(answers(after, "model") - answers(before, "model")).isEqualTo(2);
    assertThat(answers(after, "cache") - answers(before, "cache")).isEqualTo(1);
    double expected = before.value("kailash_decisions_total", written) + 3;
    Eventually.until(
        "the decisions to be written",
        () -> scrape().value("kailash_decisions_total", written) >= expected);
    assertThat(after.value("kailash_decisions_total", Map.of("outcome", "dropped"))).isZero();
    assertThat(scrape().value("kailash_decisions_waiting", Map.of())).isZero();
  }

  private static double answers(PrometheusText figures, String from) {
    return figures.value("kailash_classifications_total", Map.of("from", from));
  }

  @Test
  void histogramsOfOursAreWholeAndInTheUnitOfTheirName() {
    PrometheusText figures = scrape();
    String name = "kailash_store_operation_seconds";
    assertThat(figures.type(name)).isEqualTo("histogram");
    for (String store : List.of("postgresql", "redis", "neo4j")) {
      Map<String, String> ping = Map.of("store", store, "operation", "ping");
      double count = figures.value(name + "_count", ping);
      assertThat(count).isPositive();
      List<Double> buckets = figures.buckets(name, ping);
      assertThat(buckets).isSorted().hasSizeGreaterThan(10);
      assertThat(buckets.get(buckets.size() - 1)).isEqualTo(count);
      // A mean of a microsecond is not of this world, nor one of a minute: a ping is given up
      // before. In milliseconds or nanoseconds it would be one or the other.
      assertThat(figures.value(name + "_sum", ping) / count).isBetween(1e-6, 60.0);
    }
  }

  @Test
  void noSeriesOfOursIsATimerOrHistogramOfTheServerWhoseUnitsAreMixed() {
    assertThat(scrape().names().stream().filter(name -> name.startsWith("kailash_")))
        .isNotEmpty()
        .noneMatch(name -> name.endsWith("_mean") || name.endsWith("_max"))
        .noneMatch(name -> name.endsWith("_stddev"));
  }

  @Test
  void theParserOfThisTestRefusesWhatPrometheusRefuses() {
    for (String wrong :
        List.of(
            "9name 1\n",
            "name{label=value} 1\n",
            "name{label=\"a\" 1\n",
            "name{label=\"\\x\"} 1\n",
            "name\n",
            "name one\n",
            "name 1",
            "# TYPE name speed\n",
            "# TYPE name gauge\n# TYPE name gauge\nname 1\n",
            "name 1\n# TYPE name gauge\n",
            "name{a=\"1\"} 1\nname{a=\"1\"} 2\n",
            "name 1\nother 1\nname{a=\"2\"} 1\n")) {
      assertThatThrownBy(() -> PrometheusText.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
