package io.kailash.transfer.batch;

import io.kailash.platform.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Answers one batch: hands its lines to the threads that classify, a few chunks at a time, and
 * writes each chunk of answers as it is done. While the reader does not read, nothing is handed on;
 * when it has gone, writing fails and the rest is never begun.
 */
final class BatchStream {
  private static final int LARGEST_CHUNK = 64;

  private final BatchClassifier classifier;
  private final List<BatchLine> lines;
  private final BatchWishes wishes;
  private final boolean asEvents;
  private final int atOnce;

  /**
   * @param atOnce chunks under way at the same time
   */
  BatchStream(
      BatchClassifier classifier,
      List<BatchLine> lines,
      BatchWishes wishes,
      boolean asEvents,
      int atOnce) {
    this.classifier = classifier;
    this.lines = lines;
    this.wishes = wishes;
    this.asEvents = asEvents;
    this.atOnce = atOnce;
  }

  /** How the stream of events ends, so that its reader knows it to be whole. */
  private record End(long items, long done, long failed) {}

  void write(OutputStream out) throws IOException {
    BlockingQueue<Future<BatchClassifier.Answers>> finished = new LinkedBlockingQueue<>();
    ExecutorCompletionService<BatchClassifier.Answers> work =
        new ExecutorCompletionService<>(classifier.workers(), finished);
    int next = 0;
    int underWay = 0;
    // The first chunks are small: the first answer is to leave at once.
    int size = 1;
    long done = 0;
    long failed = 0;
    while (true) {
      while (underWay < atOnce && next < lines.size()) {
        int end = Math.min(lines.size(), next + size);
        work.submit(chunk(lines.subList(next, end)));
        next = end;
        size = Math.min(LARGEST_CHUNK, size * 2);
        underWay++;
      }
      if (underWay == 0) {
        break;
      }
      BatchClassifier.Answers answers = taken(work);
      underWay--;
      done += answers.done();
      failed += answers.failed();
      out.write(answers.bytes());
      if (finished.isEmpty()) {
        out.flush();
      }
    }
    if (asEvents) {
      out.write(
          ("event: end\ndata: "
                  + Json.MAPPER.writeValueAsString(new End(lines.size(), done, failed))
                  + "\n\n")
              .getBytes(StandardCharsets.UTF_8));
    }
    out.flush();
  }

  private Callable<BatchClassifier.Answers> chunk(List<BatchLine> some) {
    return () -> classifier.classify(some, wishes, true, asEvents);
  }

  private static BatchClassifier.Answers taken(
      ExecutorCompletionService<BatchClassifier.Answers> work) throws IOException {
    try {
      return work.take().get();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IOException("the service stops", stopping);
    } catch (ExecutionException failure) {
      throw new IOException("a chunk could not be classified", failure.getCause());
    }
  }
}
