package io.kailash.classification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrainingSetTest {
  @Test
  void theSameTitleIsAlwaysOnTheSameSide() {
    for (String title : new String[] {"Running shoes", "USB-C cable 2 m", "\uD83D\uDC5F"}) {
      boolean side = TrainingSet.isHeldOut(title, 0.5);
      assertThat(TrainingSet.isHeldOut("  " + title.toUpperCase(java.util.Locale.ROOT) + " ", 0.5))
          .isEqualTo(side);
    }
  }

  @Test
  void theHeldOutShareIsMet() {
    long heldOut =
        IntStream.range(0, 100_000)
            .filter(i -> TrainingSet.isHeldOut("item number " + i, 0.1))
            .count();
    assertThat(heldOut / 100_000.0).isCloseTo(0.1, Offset.offset(0.01));
  }

  @Test
  void aTitleHeldOutAtASmallShareIsHeldOutAtALargerOne() {
    IntStream.range(0, 10_000)
        .mapToObj(i -> "title " + i)
        .filter(title -> TrainingSet.isHeldOut(title, 0.05))
        .forEach(title -> assertThat(TrainingSet.isHeldOut(title, 0.2)).isTrue());
  }

  @Test
  void aShareOfZeroHoldsNothingOut() {
    assertThat(IntStream.range(0, 10_000).filter(i -> TrainingSet.isHeldOut("t" + i, 0)).count())
        .isZero();
  }
}
