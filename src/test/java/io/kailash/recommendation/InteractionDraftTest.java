package io.kailash.recommendation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kailash.platform.OutboxEvent;
import io.kailash.recommendation.model.Kind;
import io.kailash.recommendation.model.WeightedItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class InteractionDraftTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private static InteractionDraft at(String at) {
    return new InteractionDraft(null, "u", "s", "view", null, at);
  }

  @Test
  void theSameUserItemKindAndTimeIsTheSameEventHoweverTheTimeIsWritten() {
    assertThat(at("2026-03-01T09:00:00Z").checked(NOW).event())
        .isEqualTo(at("2026-03-01T10:00:00.0000001+01:00").checked(NOW).event())
        .isNotEqualTo(at("2026-03-01T09:00:01Z").checked(NOW).event());
  }

  @Test
  void theCallersIdDecidesWhereThereIsOne() {
    InteractionDraft first = new InteractionDraft("o1", "u", "s", "view", null, null);
    InteractionDraft again = new InteractionDraft("o1", "u", "s", "cart", null, null);
    InteractionDraft other = new InteractionDraft("o2", "u", "s", "view", null, null);
    assertThat(first.checked(NOW).event())
        .isEqualTo(again.checked(NOW.plusSeconds(5)).event())
        .isNotEqualTo(other.checked(NOW).event());
  }

  @Test
  void aTimeTooFarInTheFutureAndARatingOutOfItsScaleAreRefused() {
    assertThat(at("2026-03-01T10:10:00Z").checked(NOW).at()).isAfter(NOW);
    assertThatThrownBy(() -> at("2026-03-01T10:10:01Z").checked(NOW)).hasMessageContaining("/at");
    assertThatThrownBy(() -> at("yesterday").checked(NOW)).hasMessageContaining("/at");
    for (double wrong : new double[] {-0.1, 5.1, Double.NaN}) {
      assertThatThrownBy(
              () -> new InteractionDraft(null, "u", "s", "rating", wrong, null).checked(NOW))
          .hasMessageContaining("/value");
    }
    assertThatThrownBy(() -> new InteractionDraft(null, "u", "s", "view", 3.0, null).checked(NOW))
        .hasMessageContaining("/value");
    assertThat(new InteractionDraft(null, "u", "s", "rating", 5.0, null).checked(NOW).value())
        .isEqualTo(5);
    assertThat(new InteractionDraft(null, "u", "s", "rating", 1e-300, null).checked(NOW).value())
        .as("what PostgreSQL keeps of it")
        .isEqualTo(0.0);
  }

  @Test
  void anOutboxEventIsReadBack() {
    InteractionSeen read =
        InteractionSeen.read(
            new OutboxEvent(
                "interaction",
                "u1",
                17,
                false,
                "{\"user\":\"u1\",\"sku\":\"A\",\"kind\":\"rating\",\"value\":4.5,"
                    + "\"at\":\"2026-01-01T00:00:00.000000Z\"}"));
    assertThat(read)
        .isEqualTo(
            new InteractionSeen(
                17, "u1", "A", Kind.RATING, 4.5, Instant.parse("2026-01-01T00:00:00Z")));
    assertThatThrownBy(() -> InteractionSeen.read(OutboxEvent.removed("interaction", "u1", 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anInteractionOfAHalfLifeAgoCountsHalfHoweverLateItComes() {
    Duration halfLife = Duration.ofDays(7);
    double now = Popularity.kept(1, NOW, halfLife);
    assertThat(Popularity.kept(1, NOW.minus(halfLife), halfLife) / now)
        .isCloseTo(0.5, within(1e-9));
    assertThat(Popularity.kept(3, NOW.minus(Duration.ofDays(21)), halfLife) / now)
        .isCloseTo(3.0 / 8, within(1e-9));
    Duration shortest = Duration.ofDays(3);
    assertThat(Popularity.kept(1, Instant.parse("2026-01-01T00:00:00Z"), shortest)).isPositive();
    assertThat(Popularity.kept(1e6, Instant.parse("2042-01-01T00:00:00Z"), shortest)).isFinite();
  }

  @Test
  void untrainedTheLaterCountsMoreAndWhatWasDismissedNothing() {
    List<WeightedItem> basis =
        Candidates.untrained(
            List.of(
                new InteractionSeen(4, "u", "new", Kind.VIEW, null, NOW),
                new InteractionSeen(3, "u", "no", Kind.DISMISSAL, null, NOW),
                new InteractionSeen(2, "u", "no", Kind.PURCHASE, null, NOW),
                new InteractionSeen(1, "u", "old", Kind.VIEW, null, NOW)));
    assertThat(basis.stream().map(WeightedItem::item)).containsExactly("new", "no", "old");
    assertThat(basis.get(0).weight()).isGreaterThan(basis.get(2).weight());
    assertThat(basis.get(1).weight()).isZero();
  }

  @Test
  void madeUpVisitsAreTheSameForTheSameSeedAndSayThatTheyAreASample() {
    List<SampleShoppers.Shelf> shelves =
        List.of(
            new SampleShoppers.Shelf("a", "d", List.of("a1", "a2", "a3")),
            new SampleShoppers.Shelf("b", "d", List.of("b1")),
            new SampleShoppers.Shelf("c", "e", List.of("c1", "c2")));
    List<InteractionDraft.Checked> visits = SampleShoppers.visits(shelves, 50, NOW, 1);
    assertThat(visits)
        .isEqualTo(SampleShoppers.visits(shelves, 50, NOW, 1))
        .hasSizeGreaterThan(500);
    assertThat(visits).allMatch(v -> v.user().startsWith("sample-") && !v.at().isAfter(NOW));
    assertThat(visits.stream().map(InteractionDraft.Checked::kind).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Kind.values());
    assertThat(visits.stream().map(InteractionDraft.Checked::event).distinct().count())
        .isEqualTo(visits.size());
    assertThat(SampleShoppers.visits(List.of(), 50, NOW, 1)).isEmpty();
  }
}
