package io.kailash.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService.Reply;
import io.kailash.stack.ServiceProcess;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances that keep their vectors inside: what one of them knows, the other knows, too. */
class LuceneInstancesIT {
  /** Each embeds all that other tests have left behind. */
  private final String name = "lucene-" + UUID.randomUUID().toString().substring(0, 8);

  private ProjectionCalls calls;
  @TempDir Path folder;

  @BeforeEach
  void begin() {
    calls = new ProjectionCalls();
  }

  @AfterEach
  void end() {
    calls.close();
  }

  private ServiceProcess start(String of) throws InterruptedException {
    return calls.service.startAnother(
        "-Dkailash.vectors=lucene",
        "-Dkailash.vectors.folder=" + folder.resolve(of).toAbsolutePath());
  }

  private boolean finds(ServiceProcess instance, String sku, String meaning) {
    Reply reply =
        calls.service.send(
            HttpRequest.newBuilder(
                    URI.create(
                        instance.baseUri()
                            + "/api/v1/items?limit=50&meaning="
                            + meaning.replace(' ', '+')))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + calls.service.adminKey())
                .GET());
    if (reply.status() != 200) {
      return false;
    }
    for (JsonNode item : reply.json().path("items")) {
      if (item.path("sku").asText().equals(sku)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void everyChangeReachesEachOfThem() throws Exception {
    calls.put(name + "-before", "A grandfather clock with a brass pendulum", "Tick");
    try (ServiceProcess one = start("one");
        ServiceProcess other = start("other")) {
      for (ServiceProcess instance : new ServiceProcess[] {one, other}) {
        Eventually.until(
            "what was there at the start",
            () -> finds(instance, name + "-before", "grandfather clock with a brass pendulum"));
      }
      calls.put(name + "-after", "A hot air balloon for four passengers", "Up");
      for (ServiceProcess instance : new ServiceProcess[] {one, other}) {
        Eventually.until(
            "what came later",
            () -> finds(instance, name + "-after", "hot air balloon for four passengers"));
      }
      assertThat(calls.delete(name + "-after").status()).isEqualTo(204);
      for (ServiceProcess instance : new ServiceProcess[] {one, other}) {
        Eventually.until(
            "the removal",
            () -> !finds(instance, name + "-after", "hot air balloon for four passengers"));
      }
    }
  }
}
