package io.kailash.transfer.batch;

import io.kailash.platform.ProblemException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import org.apache.commons.io.input.ProxyInputStream;

/**
 * What one batch that is answered at once holds of the memory set aside for all of them: as many
 * bytes as were read of it so far. Small batches do not count as large ones, and one that is sent
 * slowly takes nothing from others before it is there. For one thread at a time.
 */
final class BatchPlace {
  private static final int RETRY_AFTER_SECONDS = 1;

  private final Semaphore bytesLeft;
  private int held;

  /**
   * Holds nothing yet.
   *
   * @param bytesLeft one permit a byte, shared by all batches
   */
  BatchPlace(Semaphore bytesLeft) {
    this.bytesLeft = bytesLeft;
  }

  /**
   * A body whose bytes are counted as they are read.
   *
   * <p>Reading it throws {@link ProblemException}, 503, where other batches hold too much.
   */
  InputStream counted(InputStream body) {
    return new ProxyInputStream(body) {
      @Override
      protected void afterRead(int count) {
        hold(Math.max(0, count));
      }
    };
  }

  private void hold(int bytes) {
    if (!bytesLeft.tryAcquire(bytes)) {
      throw ProblemException.unavailable(
          "the batches that are being answered hold as many bytes as allowed (setting"
              + " kailash.batch.max-bytes-at-once)",
          RETRY_AFTER_SECONDS);
    }
    held += bytes;
  }

  /** Gives back what it holds. */
  void leave() {
    bytesLeft.release(held);
    held = 0;
  }
}
