package io.kailash.transfer.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.kailash.classification.Classifier;
import io.kailash.classification.ClassifyRequest;
import io.kailash.platform.Json;
import io.kailash.platform.JsonBody;
import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Turns chunks of lines into chunks of answers, on the few threads that all batches of this
 * instance share.
 */
@Singleton
class BatchClassifier {
  private static final ObjectReader ITEM = Json.MAPPER.readerFor(BatchItem.class);
  private static final ObjectWriter ANSWER =
      Json.MAPPER.writerFor(BatchAnswer.class).without(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  private static final Metadata ITEMS =
      Metadata.builder()
          .withName("kailash_batch_items")
          .withDescription("Items of batches that were classified, or had a problem of their own.")
          .build();
  private static final byte[] EVENT = "event: item\ndata: ".getBytes(StandardCharsets.UTF_8);

  private final Classifier classifier;
  private final BatchSettings settings;
  private final Counter well;
  private final Counter withProblem;
  private ThreadPoolExecutor workers;

  @Resource ManagedThreadFactory threads;

  @Inject
  BatchClassifier(Classifier classifier, BatchSettings settings, MetricRegistry figures) {
    this.classifier = classifier;
    this.settings = settings;
    well = figures.counter(ITEMS, new Tag("outcome", "classified"));
    withProblem = figures.counter(ITEMS, new Tag("outcome", "problem"));
    figures.gauge(
        Metadata.builder()
            .withName("kailash_batch_chunks_waiting")
            .withDescription("Chunks of batches that wait for one of the threads that classify.")
            .build(),
        () -> workers.getQueue().size());
  }

  @PostConstruct
  void open() {
    workers =
        new ThreadPoolExecutor(
            settings.threads(),
            settings.threads(),
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads);
    workers.allowCoreThreadTimeOut(true);
  }

  /** The threads; whoever submits keeps to a few chunks at a time. */
  ExecutorService workers() {
    return workers;
  }

  /**
   * Answers of a chunk.
   *
   * @param bytes lines of JSON, each ended, or events
   * @param classified in the order of the lines; only where they are yet to be logged
   */
  record Answers(byte[] bytes, List<Classifier.Classified> classified, int done, int failed) {}

  /**
   * Classifies a chunk.
   *
   * @param log whether decisions are logged here; else by whoever gets them
   * @param asEvents as server-sent events instead of lines
   */
  Answers classify(List<BatchLine> lines, BatchWishes wishes, boolean log, boolean asEvents)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(lines.size() * 1024);
    List<Classifier.Classified> toLog = new ArrayList<>(log ? 0 : lines.size());
    int done = 0;
    for (BatchLine line : lines) {
      if (asEvents) {
        out.writeBytes(EVENT);
      }
      BatchItem item = null;
      BatchAnswer answer;
      try {
        item = item(line);
        ClassifyRequest request = item.request(wishes);
        classifier.check(request);
        Classifier.Classified classified = classifier.classifyUnlogged(request);
        if (log) {
          classifier.log(classified);
        } else {
          toLog.add(classified);
        }
        answer = new BatchAnswer(line.number(), item.ref(), item.sku(), classified.answer(), null);
        done++;
      } catch (ProblemException wrong) {
        answer = problem(line, item, wrong.problem());
      }
      ANSWER.writeValue(out, answer);
      out.write('\n');
      if (asEvents) {
        out.write('\n');
      }
    }
    int failed = lines.size() - done;
    well.inc(done);
    withProblem.inc(failed);
    return new Answers(out.toByteArray(), toLog, done, failed);
  }

  private static BatchAnswer problem(BatchLine line, BatchItem item, Problem problem) {
    return new BatchAnswer(
        line.number(),
        item == null ? null : item.ref(),
        item == null ? null : item.sku(),
        null,
        problem);
  }

  private BatchItem item(BatchLine line) {
    if (line.wrong() != null) {
      throw ProblemException.malformed(line.wrong());
    }
    if (line.item() != null) {
      return line.item();
    }
    if (line.length() > settings.maxLineBytes()) {
      throw ProblemException.tooLarge(
          "an item may have "
              + settings.maxLineBytes()
              + " bytes (setting kailash.http.max-json-bytes)");
    }
    try {
      BatchItem item = ITEM.readValue(line.bytes(), line.from(), line.length());
      if (item == null) {
        throw ProblemException.malformed("", "is null; an object is expected");
      }
      return item;
    } catch (JsonProcessingException wrong) {
      throw JsonBody.refusal(wrong);
    } catch (IOException notText) {
      throw ProblemException.malformed("the line is not text in UTF-8");
    }
  }

  @PreDestroy
  void stop() {
    workers.shutdownNow();
  }
}
