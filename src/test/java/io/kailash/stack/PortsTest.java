package io.kailash.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortsTest {

  private static final StackSettings DEFAULTS = StackSettings.of(Map.of(), Map.of());

  @Test
  void portInUseIsRefusedWithTheSettingsName() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      StackSettings settings =
          DEFAULTS.with(Setting.REDIS_PORT, Integer.toString(taken.getLocalPort()));

      assertThatThrownBy(() -> new Ports().choose(settings, Setting.REDIS_PORT, "Redis"))
          .isInstanceOf(StackFailure.class)
          .hasMessage(
              "Port %d for Redis is in use: set kailash.redis.port to another one, or to 0 for a"
                  + " free one.",
              taken.getLocalPort());
    }
  }

  @Test
  void freePortsDiffer() {
    Ports ports = new Ports();
    StackSettings settings = DEFAULTS.with(Setting.REDIS_PORT, "0").with(Setting.NEO4J_PORT, "0");

    assertThat(ports.choose(settings, Setting.REDIS_PORT, "Redis"))
        .isNotEqualTo(ports.choose(settings, Setting.NEO4J_PORT, "Neo4j"));
  }

  @Test
  void samePortForTwoServersIsRefused() throws IOException {
    Ports ports = new Ports();
    int free = ports.free();
    StackSettings settings = DEFAULTS.with(Setting.CHROMA_PORT, Integer.toString(free));

    assertThatThrownBy(() -> ports.choose(settings, Setting.CHROMA_PORT, "ChromaDB"))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("kailash.chroma.port");
  }
}
