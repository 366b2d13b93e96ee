package io.kailash.certification.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is planned, and what is drawn, follows from the seed and adds up. */
class ScheduleTest {

  private static List<Arrival> all(Schedule schedule) {
    List<Arrival> arrivals = new ArrayList<>();
    for (Arrival one = schedule.next(); one != null; one = schedule.next()) {
      arrivals.add(one);
    }
    return arrivals;
  }

  @Test
  void everySecondHasAsManyArrivalsAsTheRateSays() {
    Schedule schedule = new Schedule(List.of(new LoadOrder.Arrivals(3, 250, 250)), 1);

    List<Arrival> arrivals = all(schedule);

    assertThat(schedule.planned()).isEqualTo(750);
    for (int second = 0; second < 3; second++) {
      long from = second * 1_000_000_000L;
      assertThat(arrivals)
          .filteredOn(one -> one.nanos() >= from && one.nanos() < from + 1_000_000_000L)
          .hasSize(250);
    }
    assertThat(arrivals).extracting(Arrival::nanos).isSorted();
    assertThat(arrivals).extracting(Arrival::nanos).doesNotHaveDuplicates();
  }

  @Test
  void aRateBelowOneASecondIsKeptOverTheWhole() {
    assertThat(all(new Schedule(List.of(new LoadOrder.Arrivals(10, 0.5, 0.5)), 1))).hasSize(5);
    assertThat(all(new Schedule(List.of(new LoadOrder.Arrivals(2.5, 100, 100)), 1))).hasSize(250);
  }

  @Test
  void aRampPlansItsMean() {
    List<Arrival> arrivals = all(new Schedule(List.of(new LoadOrder.Arrivals(10, 0, 100)), 1));

    assertThat(arrivals).hasSize(500);
    assertThat(arrivals).filteredOn(one -> one.nanos() < 5_000_000_000L).hasSize(125);
  }

  @Test
  void theSameSeedPlansTheSame() {
    List<LoadOrder.Arrivals> rate = List.of(new LoadOrder.Arrivals(2, 50, 50));

    assertThat(all(new Schedule(rate, 3))).isEqualTo(all(new Schedule(rate, 3)));
    assertThat(all(new Schedule(rate, 3))).isNotEqualTo(all(new Schedule(rate, 4)));
  }

  @Test
  void anEndedScheduleGivesNoMore() {
    Schedule schedule = new Schedule(List.of(new LoadOrder.Arrivals(2, 50, 50)), 3);
    schedule.endAt(1_000_000_000L);

    assertThat(all(schedule)).hasSize(50);
  }

  @Test
  void ranksAreDrawnAsZipfSays() {
    int count = 1_000;
    double exponent = 0.8;
    Zipf zipf = new Zipf(count, exponent);
    SplittableRandom random = new SplittableRandom(11);
    int[] drawn = new int[count];
    int draws = 400_000;
    for (int i = 0; i < draws; i++) {
      drawn[zipf.draw(random)]++;
    }
    double sum = 0;
    for (int rank = 1; rank <= count; rank++) {
      sum += Math.pow(rank, -exponent);
    }
    for (int rank : new int[] {1, 2, 3, 10, 100}) {
      double expected = draws * Math.pow(rank, -exponent) / sum;
      // Five standard deviations of a count.
      assertThat((double) drawn[rank - 1])
          .isBetween(expected - 5 * Math.sqrt(expected), expected + 5 * Math.sqrt(expected));
    }
  }
}
