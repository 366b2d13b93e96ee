package io.kailash.transfer.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.platform.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class BatchPlaceTest {
  private final Semaphore bytesLeft = new Semaphore(1000);

  private static InputStream body(int bytes) {
    return new ByteArrayInputStream(new byte[bytes]);
  }

  @Test
  void manySmallBatchesFitWhereOneLargeOneDoes() throws IOException {
    List<BatchPlace> places = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      BatchPlace place = new BatchPlace(bytesLeft);
      place.counted(body(100)).readAllBytes();
      places.add(place);
    }
    assertThat(bytesLeft.availablePermits()).isZero();
    places.forEach(BatchPlace::leave);
    BatchPlace large = new BatchPlace(bytesLeft);
    assertThat(large.counted(body(1000)).readAllBytes()).hasSize(1000);
  }

  @Test
  void whatDoesNotFitIsRefusedAndHoldsNothingAfterwards() {
    BatchPlace place = new BatchPlace(bytesLeft);
    assertThatThrownBy(() -> place.counted(body(1001)).readAllBytes())
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem().status()).isEqualTo(503);
              assertThat(refused).hasMessageContaining("kailash.batch.max-bytes-at-once");
            });
    place.leave();
    assertThat(bytesLeft.availablePermits()).isEqualTo(1000);
  }

  @Test
  void bytesThatAreNotThereYetHoldNothing() throws IOException {
    BatchPlace place = new BatchPlace(bytesLeft);
    InputStream slow = place.counted(body(1000));
    assertThat(bytesLeft.availablePermits()).isEqualTo(1000);
    slow.read();
    assertThat(bytesLeft.availablePermits()).isEqualTo(999);
    place.leave();
    place.leave();
    assertThat(bytesLeft.availablePermits()).isEqualTo(1000);
  }
}
