package io.kailash.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kailash.platform.Json;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One stream of server-sent events. */
final class StreamListener extends Listener implements WriteListener, AsyncListener {
  private static final Logger LOG = Logger.getLogger(StreamListener.class.getName());

  private final AsyncContext request;
  private final ServletOutputStream out;
  private final Connections connections;
  private final long pingNanos;
  private final long endsNanos;
  private volatile long lastWriteNanos = System.nanoTime();

  /**
   * Not listening yet.
   *
   * @param seconds after which it ends; 0 for never
   */
  StreamListener(
      AsyncContext request, ServletOutputStream out, Connections connections, long seconds) {
    super(connections, connections.settings().queueChars());
    this.request = request;
    this.out = out;
    this.connections = connections;
    pingNanos = connections.settings().ping().toNanos();
    endsNanos = seconds == 0 ? Long.MAX_VALUE : System.nanoTime() + seconds * 1_000_000_000L;
  }

  @Override
  boolean mayWrite(boolean answer) {
    // Where it may not, the server calls onWritePossible later.
    return !hasEnded() && out.isReady();
  }

  @Override
  void write(String text, boolean answer) {
    lastWriteNanos = System.nanoTime();
    connections.wentOut();
    try {
      out.write(text.getBytes(UTF_8));
      out.flush();
      written();
    } catch (IOException | IllegalStateException gone) {
      LOG.log(Level.FINE, "gone while it was written to", gone);
      end(End.GONE);
    }
  }

  @Override
  String together(List<Heard> several) {
    if (several.size() == 1) {
      return several.get(0).stream();
    }
    StringBuilder text = new StringBuilder();
    several.forEach(event -> text.append(event.stream()));
    return text.toString();
  }

  @Override
  String message(String type, Map<String, ?> fields) {
    try {
      return "event: " + type + "\ndata: " + Json.MAPPER.writeValueAsString(fields) + "\n\n";
    } catch (JsonProcessingException notJson) {
      throw new IllegalStateException("a message of type " + type + " is not JSON", notJson);
    }
  }

  @Override
  void look(long now) {
    if (now - endsNanos > 0 && endsNanos != Long.MAX_VALUE) {
      end(End.OVER);
    } else if (now - lastWriteNanos > 3 * pingNanos) {
      end(End.DEAD);
    } else if (now - lastWriteNanos > pingNanos) {
      say(":\n\n");
    }
  }

  @Override
  void shut(End reason) {
    connections.close(this::complete);
  }

  private void complete() {
    try {
      request.complete();
    } catch (IllegalStateException over) {
      LOG.log(Level.FINE, "completed already", over);
    }
  }

  @Override
  public void onWritePossible() {
    pump();
  }

  @Override
  public void onError(Throwable failure) {
    LOG.log(Level.FINE, "a stream is broken", failure);
    end(End.GONE);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    end(End.GONE);
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    end(End.OVER);
  }

  @Override
  public void onError(AsyncEvent event) {
    end(End.GONE);
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // Never started anew.
  }
}
