package io.kailash.platform;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;

/**
 * Answers whose bodies take as long as their readers want, on threads of their own: a slow reader
 * holds up no other request. At most {@code kailash.http.slow-answers} at the same time; further
 * callers are asked to come back.
 */
@Singleton
public class SlowAnswers {
  private static final int IDLE_SECONDS = 30;
  private static final int RETRY_AFTER_SECONDS = 2;

  private final int most;
  private ThreadPoolExecutor executor;

  @Resource ManagedThreadFactory threads;

  @Inject
  SlowAnswers(Settings settings, MetricRegistry figures) {
    most = settings.wholeNumber("kailash.http.slow-answers", 64, 1, 10_000);
    figures.gauge(
        Metadata.builder()
            .withName("kailash_http_slow_answers")
            .withDescription("Answers being written at the pace of their readers.")
            .build(),
        () -> executor.getActiveCount());
  }

  @PostConstruct
  void open() {
    executor =
        new ThreadPoolExecutor(
            0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
  }

  /**
   * Makes an answer and writes its body, off the caller's thread.
   *
   * @param waiting the suspended request
   * @param answer may throw {@link ProblemException} and read what is left of the request's body
   */
  public void give(AsyncResponse waiting, Supplier<Response> answer) {
    try {
      executor.execute(
          () -> {
            Response made;
            try {
              made = answer.get();
            } catch (RuntimeException failure) {
              waiting.resume(failure);
              return;
            }
            waiting.resume(made);
          });
    } catch (RejectedExecutionException full) {
      throw ProblemException.unavailable(
          "as many long answers as allowed are under way (setting kailash.http.slow-answers)",
          RETRY_AFTER_SECONDS);
    }
  }

  @PreDestroy
  void stop() {
    executor.shutdownNow();
  }
}
