package io.kailash.live;

import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.LiveId;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happens, as server-sent events. */
@Path("live/events")
@Singleton
public class LiveResource {
  private static final String EVENT_STREAM = "text/event-stream";
  private static final int MOST_SECONDS = 24 * 3600;

  private final Connections connections;
  private final Broadcast broadcast;

  @Inject
  LiveResource(Connections connections, Broadcast broadcast) {
    this.connections = connections;
    this.broadcast = broadcast;
  }

  /**
   * Begins a stream. The answer is written by the container's own means, which never wait: REST's
   * would hold a thread for each reader who is slow. Its head is on its way before REST could write
   * one.
   */
  @GET
  @RequiresRole(Role.READER)
  @Produces(EVENT_STREAM)
  public void events(
      @QueryParam("topics") String topics,
      @QueryParam("key") List<String> keys,
      @QueryParam("prefix") String prefix,
      @QueryParam("after") String after,
      @QueryParam("seconds") Integer seconds,
      @HeaderParam("Last-Event-ID") String lastEventId,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Context HttpServletResponse response)
      throws IOException {
    Subscription wanted = subscription(topics, keys, prefix);
    if (seconds != null && (seconds < 1 || seconds > MOST_SECONDS)) {
      throw ProblemException.invalid("?seconds", "is not between 1 and " + MOST_SECONDS);
    }
    // The header is newer: a browser that connects again sends it to the address it began with.
    LiveId place =
        lastEventId != null && !lastEventId.isEmpty()
            ? SocketListener.place("Last-Event-ID", lastEventId)
            : after == null ? null : SocketListener.place("?after", after);
    AsyncContext context = request.startAsync();
    context.setTimeout(0);
    StreamListener listener =
        new StreamListener(
            context, response.getOutputStream(), connections, seconds == null ? 0 : seconds);
    listener.become(Caller.of(security));
    begin(context, listener);
    response.setContentType(EVENT_STREAM);
    response.setHeader("Cache-Control", "no-store");
    // Proxies would hold back what is to be seen at once.
    response.setHeader("X-Accel-Buffering", "no");
    response.flushBuffer();
    response.getOutputStream().setWriteListener(listener);
    broadcast.subscribe(listener, wanted, place, 0, Map.of());
  }

  private void begin(AsyncContext context, StreamListener listener) {
    boolean begun = false;
    try {
      connections.add(listener);
      begun = true;
    } finally {
      if (!begun) {
        // Refused: the problem is the answer, and it is the last of it.
        context.complete();
      }
    }
    context.addListener(listener);
  }

  private static Subscription subscription(String topics, List<String> keys, String prefix) {
    if (topics == null || topics.isBlank()) {
      throw ProblemException.invalid(
          "?topics", "is missing; topics are " + String.join(",", Subscription.TOPICS));
    }
    Subscription.Filter filter =
        new Subscription.Filter(
            keys == null || keys.isEmpty() ? null : Set.copyOf(keys), prefix, null);
    Map<String, Subscription.Filter> wanted = new LinkedHashMap<>();
    for (String topic : topics.split(",", -1)) {
      wanted.put(topic.strip(), filter);
    }
    return Subscription.of(wanted, "?topics");
  }
}
