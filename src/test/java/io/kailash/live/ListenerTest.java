package io.kailash.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kailash.platform.LiveEvent;
import io.kailash.platform.LiveFeed;
import io.kailash.platform.LiveId;
import io.kailash.platform.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListenerTest {
  private final List<End> ends = new ArrayList<>();
  private final Wire wire = new Wire();

  /** A wire that takes a write only when the test says so. */
  private final class Wire extends Listener {
    final List<String> written = new ArrayList<>();
    boolean open;
    boolean answersOpen;

    Wire() {
      super(
          new Host() {
            @Override
            public void delivered(int events) {}

            @Override
            public void ended(Listener listener, End reason) {
              ends.add(reason);
            }
          },
          10_000);
    }

    @Override
    boolean mayWrite(boolean answer) {
      return open || answer && answersOpen;
    }

    @Override
    void write(String text, boolean answer) {
      written.add(text);
      written();
    }

    @Override
    String together(List<Heard> several) {
      return String.join("+", several.stream().map(Heard::key).toList());
    }

    @Override
    String message(String type, Map<String, ?> fields) {
      return type;
    }

    @Override
    void shut(End reason) {}

    @Override
    void look(long nowNanos) {}

    void letOut() {
      open = true;
      pump();
      open = false;
    }
  }

  private static Heard event(long number, String topic, String key, String data) {
    return new Heard(new LiveEvent(new LiveId(1, number), topic, key, 0, data));
  }

  private void want(String topic, Subscription.Filter filter, int acknowledge) {
    wire.adopt(Subscription.of(Map.of(topic, filter), "/topics"), acknowledge);
  }

  @Test
  void whatGathersGoesOutTogetherAndAnswersGoFirst() {
    want("items", Subscription.Filter.ALL, 0);
    wire.tell(event(1, "items", "a", "{}"));
    wire.tell(event(2, "jobs", "b", "{}"));
    wire.tell(event(3, "items", "c", "{}"));
    wire.tell("notice", Map.of());
    wire.tell(event(4, "items", "d", "{}"));
    wire.tell(event(5, LiveFeed.GAP, "lost", "{}"));
    wire.tell(event(6, "items", "e", "{}"));
    wire.say("pong", Map.of());
    wire.letOut();
    assertThat(wire.written).containsExactly("pong", "a+c", "notice", "d", "lost", "e");
  }

  @Test
  void anEventIsTakenOnce() {
    want("items", Subscription.Filter.ALL, 0);
    wire.from(new LiveId(1, 4));
    assertThat(wire.tell(event(4, "items", "old", "{}"))).isEqualTo(Listener.Taken.NOT_WANTED);
    assertThat(wire.tell(event(5, "items", "new", "{}"))).isEqualTo(Listener.Taken.WAITS);
    assertThat(wire.tell(event(5, "items", "new", "{}"))).isEqualTo(Listener.Taken.NOT_WANTED);
    wire.letOut();
    assertThat(wire.written).containsExactly("new");
  }

  @Test
  void thereIsNoRoomBeyondTheBoundAndNothingIsSkipped() {
    want("items", Subscription.Filter.ALL, 0);
    String data = "\"" + "x".repeat(6_000) + "\"";
    assertThat(wire.tell(event(1, "items", "a", data))).isEqualTo(Listener.Taken.WAITS);
    assertThat(wire.hasRoom()).isFalse();
    assertThat(wire.tell(event(2, "items", "b", data))).isEqualTo(Listener.Taken.NO_ROOM);
    assertThat(wire.position()).isEqualTo(new LiveId(1, 1));
    wire.letOut();
    assertThat(wire.tell(event(2, "items", "b", data))).isEqualTo(Listener.Taken.WAITS);
    assertThat(ends).isEmpty();
  }

  @Test
  void whoDoesNotReadAnswersIsDropped() {
    for (int i = 0; i < 2_000; i++) {
      wire.say("pong..", Map.of());
    }
    assertThat(ends).containsExactly(End.SLOW);
    wire.letOut();
    assertThat(wire.written).isEmpty();
  }

  @Test
  void answersGoOutWhileEventsWait() {
    want("items", Subscription.Filter.ALL, 0);
    wire.answersOpen = true;
    wire.tell(event(1, "items", "a", "{}"));
    for (int i = 0; i < 2_000; i++) {
      wire.say("pong..", Map.of());
    }
    assertThat(wire.written).hasSize(2_000).containsOnly("pong..");
    assertThat(ends).isEmpty();
    wire.letOut();
    assertThat(wire.written).hasSize(2_001).endsWith("a");
  }

  @Test
  void unacknowledgedEventsHoldUpFurtherOnes() {
    want("items", Subscription.Filter.ALL, 2);
    for (int i = 1; i <= 5; i++) {
      wire.tell(event(i, "items", "k" + i, "{}"));
    }
    wire.letOut();
    wire.open = true;
    wire.acknowledge(new LiveId(1, 1));
    wire.acknowledge(new LiveId(1, 1));
    assertThat(wire.written).containsExactly("k1+k2", "k3");
    wire.acknowledge(new LiveId(9, 0));
    assertThat(wire.written).containsExactly("k1+k2", "k3", "k4+k5");
  }

  @Test
  void allPartsOfAFilterMustFit() {
    Subscription.Filter filter =
        new Subscription.Filter(
            Set.of("ab", "cd"), "a", Map.of("n", IntNode.valueOf(1), "t", TextNode.valueOf("x")));
    assertThat(filter.fits(event(1, "items", "ab", "{\"n\":1,\"t\":\"x\"}"))).isTrue();
    assertThat(filter.fits(event(1, "items", "ab", "{\"n\":2,\"t\":\"x\"}"))).isFalse();
    assertThat(filter.fits(event(1, "items", "ab", "{\"n\":1}"))).isFalse();
    assertThat(filter.fits(event(1, "items", "cd", "{\"n\":1,\"t\":\"x\"}"))).isFalse();
    assertThat(filter.fits(event(1, "items", "ax", "{\"n\":1,\"t\":\"x\"}"))).isFalse();
  }

  @Test
  void whoeverWantsAnythingIsToldOfGaps() {
    Heard gap = event(1, LiveFeed.GAP, "", "{}");
    assertThat(Subscription.NOTHING.wants(gap)).isFalse();
    assertThat(Subscription.of(Map.of("jobs", Subscription.Filter.ALL), "").wants(gap)).isTrue();
  }

  @Test
  void everyMistakeOfASubscriptionIsNamed() {
    assertThatThrownBy(
            () ->
                Subscription.of(
                    Map.of(
                        "weather",
                        Subscription.Filter.ALL,
                        "jobs",
                        new Subscription.Filter(null, "x".repeat(300), null)),
                    "/topics"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem ->
                assertThat(problem.problem().errors())
                    .extracting(error -> error.pointer())
                    .containsExactlyInAnyOrder("/topics/weather", "/topics/jobs/prefix"));
  }

  @Test
  void onlyWhatIsAnIdIsReadAsOne() {
    assertThat(LiveId.parse("1772357400123-7")).contains(new LiveId(1772357400123L, 7));
    for (String wrong :
        List.of("", "-", "1", "1-", "-1", "1-2-3", "a-1", "1 -1", "9999999999999999999-1", "٣-1")) {
      assertThat(LiveId.parse(wrong)).as(wrong).isEmpty();
    }
    assertThat(new LiveId(2, 0).isAfter(new LiveId(1, 9))).isTrue();
  }
}
