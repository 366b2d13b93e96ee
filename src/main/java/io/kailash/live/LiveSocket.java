package io.kailash.live;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.nio.ByteBuffer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The WebSocket's end on this side; one for each connection. The door is {@link LiveDoor}.
 *
 * <p>Messages are taken in parts: the server, when it has refused a message that is too large for
 * it, keeps the connection's buffers for ever.
 */
@ServerEndpoint(value = LiveDoor.SOCKET, configurator = LiveSocket.Setup.class)
public class LiveSocket {
  private static final Logger LOG = Logger.getLogger(LiveSocket.class.getName());

  private final LiveStart room;
  private SocketListener listener;

  LiveSocket(LiveStart room) {
    this.room = room;
  }

  /** Makes the ends; origin and key were looked at by {@link LiveDoor}. */
  public static class Setup extends ServerEndpointConfig.Configurator {
    @Override
    public boolean checkOrigin(String origin) {
      return true;
    }

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return type.cast(new LiveSocket(CDI.current().select(LiveStart.class).get()));
    }
  }

  /** A connection begins. */
  @OnOpen
  public void open(Session session) {
    listener = room.welcome(session);
  }

  /** A text message, or a part of one. */
  @OnMessage
  public void text(String part, boolean last) {
    listener.heard(part, last);
  }

  /** A binary message is never understood. */
  @OnMessage
  public void binary(ByteBuffer part, boolean last) {
    listener.end(End.BINARY);
  }

  /** An answered ping. */
  @OnMessage
  public void pong(PongMessage pong) {
    listener.pong(pong.getApplicationData());
  }

  /** A connection has ended. */
  @OnClose
  public void close(CloseReason reason) {
    if (listener != null) {
      listener.end(End.GONE);
    }
  }

  /** A connection is broken, or a message was refused by the server itself. */
  @OnError
  public void error(Throwable failure) {
    LOG.log(Level.FINE, "a live connection is broken", failure);
  }
}
