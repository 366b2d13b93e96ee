package io.kailash.live;

import io.kailash.access.ApiKeys;
import io.kailash.platform.LiveCall;
import io.kailash.platform.LiveStream;
import io.kailash.platform.Periodic;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.websocket.Session;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Begins to listen when the service starts, and welcomes those who connect. */
@Singleton
class LiveStart {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_TRIMS = Duration.ofSeconds(10);

  private final Connections connections;
  private final Broadcast broadcast;
  private final ApiKeys keys;
  private final Map<String, LiveCall> calls = new TreeMap<>();

  @Inject
  LiveStart(
      Connections connections, Broadcast broadcast, ApiKeys keys, @Any Instance<LiveCall> offered) {
    this.connections = connections;
    this.broadcast = broadcast;
    this.keys = keys;
    offered.forEach(call -> calls.put(call.name(), call));
  }

  void start(
      @Observes @Initialized(ApplicationScoped.class) Object event,
      Periodic periodic,
      LiveStream stream,
      ServiceFigures figures) {
    broadcast.start();
    periodic.every(BETWEEN_LOOKS, "look after live connections", connections::look);
    periodic.every(BETWEEN_LOOKS, "figures for the live feed", figures::publish);
    periodic.every(
        BETWEEN_TRIMS,
        "trim of the live feed",
        () -> {
          if (broadcast.isConnected()) {
            stream.trim();
          }
        });
  }

  Connections connections() {
    return connections;
  }

  ApiKeys keys() {
    return keys;
  }

  /** Takes in a WebSocket after its handshake. */
  SocketListener welcome(Session session) {
    session.setMaxIdleTimeout(0);
    SocketListener listener = new SocketListener(session, connections, keys, broadcast, calls);
    connections.add(listener);
    listener.greet();
    return listener;
  }

  @PreDestroy
  void stop() {
    connections.endAll();
    broadcast.stop();
  }
}
