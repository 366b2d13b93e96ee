package io.kailash.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Chooses loopback ports that nothing listens on, each once. */
final class Ports {

  private final Set<Integer> given = new HashSet<>();

  /**
   * The port that the setting asks for, or a free one for 0.
   *
   * @throws StackFailure naming the setting, when the port is in use
   */
  int choose(StackSettings settings, Setting setting, String what) {
    int wanted = settings.port(setting);
    if (wanted == 0) {
      return free();
    }
    if (!given.add(wanted)) {
      throw new StackFailure(
          "Port " + wanted + " is asked for twice: set " + setting.property() + " to another one.");
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback(), wanted));
      return wanted;
    } catch (IOException e) {
      throw new StackFailure(
          "Port "
              + wanted
              + " for "
              + what
              + " is in use: set "
              + setting.property()
              + " to another one, or to 0 for a free one.",
          e);
    }
  }

  /** A free port. */
  int free() {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
        if (given.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new StackFailure("No free port on 127.0.0.1 is to be had.", e);
      }
    }
  }

  /** Always 127.0.0.1, which the configurations name; the JDK's own choice may be ::1. */
  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }
}
