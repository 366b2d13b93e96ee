package io.kailash.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Base64;

/**
 * One who is connected by WebSocket, asks and never reads an answer. Its own end holds next to
 * nothing, so that what is not read stays with the service.
 */
final class DeafClient implements AutoCloseable {
  private static final int RECEIVE_BYTES = 4 << 10;

  private final SocketChannel channel;

  private DeafClient(SocketChannel channel) {
    this.channel = channel;
  }

  static DeafClient connect(URI service, String key) throws IOException {
    SocketChannel channel = SocketChannel.open();
    // Before it connects, as the window is agreed on then.
    channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BYTES);
    channel.connect(new InetSocketAddress(service.getHost(), service.getPort()));
    Socket socket = channel.socket();
    socket.setSoTimeout((int) LiveClient.PATIENCE.toMillis());
    channel.write(ByteBuffer.wrap(handshake(service, "Authorization: Bearer " + key)));
    assertThat(answerTo(socket)).startsWith("HTTP/1.1 101");
    channel.configureBlocking(false);
    return new DeafClient(channel);
  }

  /** A handshake as bytes. */
  static byte[] handshake(URI service, String... headers) {
    return ("GET /api/v1/live HTTP/1.1\r\nHost: "
            + service.getAuthority()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: "
            + Base64.getEncoder().encodeToString(new byte[16])
            + "\r\n"
            + String.join("", Arrays.stream(headers).map(h -> h + "\r\n").toList())
            + "\r\n")
        .getBytes(UTF_8);
  }

  /** The first line of what the door answers. */
  static String answerTo(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
  }

  /** A text several times as frames of the protocol (RFC 6455, 5.2), masked with zeros. */
  static ByteBuffer frames(String text, int times) {
    byte[] payload = text.getBytes(UTF_8);
    assertThat(payload).hasSizeLessThan(126);
    ByteBuffer frames = ByteBuffer.allocate(times * (6 + payload.length));
    for (int i = 0; i < times; i++) {
      frames.put((byte) 0x81).put((byte) (0x80 | payload.length)).putInt(0).put(payload);
    }
    return frames.flip();
  }

  /** Writes as much as is taken at once and tells how many bytes that was. */
  int write(ByteBuffer frames) throws IOException {
    return channel.write(frames);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
