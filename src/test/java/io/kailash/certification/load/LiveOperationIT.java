package io.kailash.certification.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.RunningService;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The WebSockets of the gates, against a real service. */
class LiveOperationIT {
  private static final int CONNECTIONS = 20;

  private final RunningService service = RunningService.get();

  private List<String> problems(LiveOperation live) throws Exception {
    List<String> problems = new ArrayList<>();
    Operation.Request request = live.stay();
    while (request != null) {
      String problem;
      try {
        problem = request.send().wrong();
      } catch (Exception gone) {
        problem = gone.getClass().getSimpleName();
      }
      problems.add(problem == null ? "stayed" : problem);
      request = live.stay();
    }
    return problems;
  }

  @Test
  void everyConnectionIsAskedOnceAtTheEnd() throws Exception {
    try (HttpTarget target = new HttpTarget(service.baseUri(), service.adminKey(), 4)) {
      LiveOperation live = LiveOperation.of(target, null, CONNECTIONS);

      assertThat(problems(live)).hasSize(CONNECTIONS).containsOnly("stayed");
      assertThat(live.stay()).isNull();
      live.close();
    }
  }

  @Test
  void aConnectionThatIsGoneHasNotStayed() throws Exception {
    try (HttpTarget target = new HttpTarget(service.baseUri(), service.adminKey(), 4)) {
      LiveOperation live = LiveOperation.of(target, null, CONNECTIONS);
      live.close();

      assertThat(problems(live)).hasSize(CONNECTIONS).doesNotContain("stayed");
    }
  }
}
