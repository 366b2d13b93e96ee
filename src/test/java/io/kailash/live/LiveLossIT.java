package io.kailash.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.EmbeddedStack;
import io.kailash.stack.RunningService;
import io.kailash.stack.ServiceProcess;
import io.kailash.stack.Setting;
import io.kailash.stack.StackAddresses;
import io.kailash.stack.StackSettings;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An instance whose Redis, of its own, is killed and comes back. */
class LiveLossIT {
  private static final Path DATA = Path.of("target/it/live-loss");
  private static final RunningService SHARED = RunningService.get();
  private static EmbeddedStack stack;
  private static ServiceProcess service;
  private static Process startedAnew;

  @BeforeAll
  static void start() throws Exception {
    StackAddresses real = SHARED.addresses();
    StackSettings settings =
        StackSettings.ofProcess()
            .with(Setting.DATA, DATA.toString())
            .with(Setting.HTTP_PORT, "0")
            .with(Setting.REDIS_PORT, "0")
            .with(Setting.STARTER, "false")
            .with(Setting.VECTORS, "lucene")
            .with(Setting.POSTGRES_USER, real.postgres().user())
            .with(Setting.POSTGRES_PASSWORD, real.postgres().password())
            .with(Setting.POSTGRES_URL, real.postgres().jdbcUrl())
            .with(Setting.NEO4J_USER, real.neo4j().user())
            .with(Setting.NEO4J_PASSWORD, real.neo4j().password())
            .with(Setting.NEO4J_URL, real.neo4j().uri().toString());
    stack = EmbeddedStack.start(settings, line -> System.out.println("live-loss: " + line));
    service = ServiceProcess.start(stack);
  }

  @AfterAll
  static void end() {
    if (service != null) {
      service.close();
    }
    if (startedAnew != null) {
      startedAnew.destroyForcibly();
    }
    if (stack != null) {
      stack.close();
    }
  }

  private static int status(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(service.baseUri() + path))
                .header("Authorization", "Bearer " + SHARED.adminKey())
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private static long pidOfRedis() throws Exception {
    try (Stream<Path> records = Files.list(DATA.resolve("run"))) {
      Path record =
          records
              .filter(file -> file.getFileName().toString().contains("redis"))
              .findFirst()
              .orElseThrow();
      Properties properties = new Properties();
      try (InputStream in = Files.newInputStream(record)) {
        properties.load(in);
      }
      return Long.parseLong(properties.getProperty("pid"));
    }
  }

  @Test
  void whileRedisIsKilledListenersAreToldAndItGoesOnAfterwards() throws Exception {
    ProcessHandle redis = ProcessHandle.of(pidOfRedis()).orElseThrow();
    List<String> command =
        List.of(Files.readString(Path.of("/proc/" + redis.pid() + "/cmdline"), UTF_8).split("\0"));
    try (LiveClient client = LiveClient.connect(service.baseUri(), SHARED.adminKey())) {
      client.ask("subscribed", Map.of("type", "subscribe", "topics", Map.of("service", Map.of())));
      String seen = client.next("events").path("events").get(0).path("id").asText();

      redis.destroyForcibly();
      assertThat(client.next("notice").path("feed").asText()).isEqualTo("interrupted");
      assertThat(status("/health/ready")).isEqualTo(200);
      assertThat(status("/api/v1/taxonomies")).isEqualTo(200);
      client.ask("pong", Map.of("type", "ping"));

      startedAnew =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectErrorStream(true)
              .start();
      JsonNode restored = client.next("notice");
      assertThat(restored.path("feed").asText()).isEqualTo("restored");
      JsonNode gap = client.next("gap");
      assertThat(gap.path("reason").asText()).startsWith("Redis was started anew");
      assertThat(client.next("events").path("events").get(0).path("topic").asText())
          .isEqualTo("service");

      // Who was away meanwhile is told as well.
      try (LiveClient late = LiveClient.connect(service.baseUri(), SHARED.adminKey())) {
        late.send(
            Map.of("type", "subscribe", "topics", Map.of("service", Map.of()), "after", seen));
        late.next("gap");
        late.next("events");
      }
    }
  }
}
