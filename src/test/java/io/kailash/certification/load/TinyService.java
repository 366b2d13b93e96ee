package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers as the service does where it is asked before the load, and as told where it is loaded.
 */
final class TinyService implements AutoCloseable {

  private static final String RIGHT_CLASSIFICATION =
      "{\"taxonomy\":\"starter\",\"category\":{\"code\":\"lamps\"},\"confidence\":0.9,"
          + "\"alternatives\":[{\"code\":\"lamps\"},{\"code\":\"rugs\"}]}";
  private static final String RIGHT_RECOMMENDATION =
      "{\"id\":\"r1\",\"items\":[{\"sku\":\"load-0000001\",\"score\":0.5},{\"sku\":\"load-0000002\",\"score\":0.4}]}";

  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();

  /** What to do with a request that is loaded. */
  enum Manner {
    RIGHT,
    WRONG,
    SLOW,
    EMPTY,
    DEAD
  }

  TinyService(Manner manner) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext(
        "/api/v1/taxonomies/starter/categories",
        exchange ->
            answer(exchange, 200, "{\"items\":[{\"code\":\"lamps\"},{\"code\":\"rugs\"}]}"));
    server.createContext("/metrics", exchange -> answer(exchange, 200, ""));
    server.createContext(
        "/api/v1/classify",
        exchange ->
            behave(
                exchange,
                manner,
                RIGHT_CLASSIFICATION,
                "{\"taxonomy\":\"starter\",\"category\":{\"code\":\"no-such\"},\"confidence\":0.9}"));
    server.createContext(
        "/api/v1/recommend",
        exchange ->
            behave(
                exchange,
                manner,
                RIGHT_RECOMMENDATION,
                "{\"id\":\"r1\",\"items\":[{\"sku\":\"load-0000049\",\"score\":0.5}]}"));
    server.createContext(
        "/health",
        exchange ->
            behave(
                exchange,
                manner,
                "{\"status\":\"UP\",\"checks\":[{\"name\":\"process\"}]}",
                "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"process\"}]}"));
    // What the seeding asks for.
    server.createContext("/api/v1/items", exchange -> answer(exchange, 404, "{}"));
    server.createContext(
        "/api/v1/uploads",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          answer(exchange, 202, "{\"job\":\"1\"}");
        });
    server.createContext(
        "/api/v1/interactions",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          answer(exchange, 200, "{}");
        });
    server.createContext(
        "/api/v1/recommender-models",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          answer(exchange, 202, "{\"job\":\"1\"}");
        });
    server.createContext(
        "/api/v1/jobs/1", exchange -> answer(exchange, 200, "{\"status\":\"succeeded\"}"));
    server.createContext(
        "/api/v1/operations/projections",
        exchange -> answer(exchange, 200, "{\"targets\":[{\"pending\":0}]}"));
    server.start();
  }

  private static void behave(HttpExchange exchange, Manner manner, String right, String wrong)
      throws IOException {
    exchange.getRequestBody().readAllBytes();
    switch (manner) {
      case RIGHT -> answer(exchange, 200, right);
      case WRONG -> answer(exchange, 200, wrong);
      case EMPTY -> answer(exchange, 200, "");
      case SLOW -> {
        try {
          Thread.sleep(1_500);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        answer(exchange, 200, right);
      }
      case DEAD -> exchange.close();
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
