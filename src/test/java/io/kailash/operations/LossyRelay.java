package io.kailash.operations;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between the service and a store, and can lose the store: at once, as when its process
 * ends, or without a word, as when its machine vanishes.
 */
public final class LossyRelay implements AutoCloseable {
  private final ServerSocket listener;
  private final InetSocketAddress store;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean lost;
  private volatile boolean silent;
  private volatile long delayNanos;

  public LossyRelay(String host, int port) throws IOException {
    store = new InetSocketAddress(host, port);
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("relay to " + port, this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Ends all connections and every new one. */
  public void lose() {
    lost = true;
    open.forEach(LossyRelay::end);
  }

  /** Keeps connections, and takes new ones, but lets nothing through. */
  public void fallSilent() {
    silent = true;
  }

  /** Lets everything through, each piece only after a while. */
  public void slowDown(Duration each) {
    delayNanos = each.toNanos();
  }

  /** Lets everything through again; connections that were silent are ended. */
  public void comeBack() {
    boolean wasAway = lost || silent || delayNanos > 0;
    lost = false;
    delayNanos = 0;
    silent = false;
    if (wasAway) {
      open.forEach(LossyRelay::end);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket caller = listener.accept();
        if (lost) {
          end(caller);
          continue;
        }
        Socket behind = new Socket();
        behind.connect(store, 5000);
        open.add(caller);
        open.add(behind);
        start("to the store", () -> copy(caller, behind));
        start("from the store", () -> copy(behind, caller));
      } catch (IOException closed) {
        // Either this relay ends, or the store is not there: the caller sees its connection end.
      }
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[16_384];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (delayNanos > 0) {
          LockSupport.parkNanos(delayNanos);
        }
        if (!silent) {
          out.write(buffer, 0, read);
          out.flush();
        }
      }
    } catch (IOException ended) {
      // One side has gone; the other is told below.
    } finally {
      end(from);
      end(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyEnded) {
      // Nothing is left to end.
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    open.forEach(LossyRelay::end);
  }
}
