package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The stores and the service for the tests of one JVM: started when the first test asks, on free
 * ports with an empty data folder under {@code target}, ended after the last test. The service
 * starts without the sample catalog.
 *
 * <p>{@code …IT} classes share it: a test makes what it needs under names of its own and expects
 * others' data to be there.
 */
public final class RunningService {

  /** Several JVMs may run tests at once, each with a stack of its own. */
  private static final Path DATA =
      Path.of("target/it", System.getProperty("kailash.data-of-fork", "data"));

  private static final Object LOCK = new Object();
  private static RunningService running;
  private static String failure;

  private final ObjectMapper json = JsonMapper.builder().build();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final EmbeddedStack stack;
  private ServiceProcess service;

  private RunningService(EmbeddedStack stack, ServiceProcess service) {
    this.stack = stack;
    this.service = service;
  }

  /** The one of this JVM, started if need be. */
  public static RunningService get() {
    synchronized (LOCK) {
      if (failure != null) {
        // One failed start is enough: every further test says so at once.
        throw new StackFailure(failure);
      }
      if (running == null) {
        try {
          running = start();
        } catch (StackFailure e) {
          failure = e.getMessage();
          throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(RunningService::end, "end-the-stack"));
      }
      return running;
    }
  }

  private static RunningService start() {
    StackSettings settings =
        StackSettings.ofProcess()
            .with(Setting.DATA, DATA.toString())
            .with(Setting.HTTP_PORT, "0")
            .with(Setting.POSTGRES_PORT, "0")
            .with(Setting.REDIS_PORT, "0")
            .with(Setting.NEO4J_PORT, "0")
            .with(Setting.CHROMA_PORT, "0")
            .with(Setting.STARTER, "false");
    try {
      emptied(settings.data());
      EmbeddedStack stack = EmbeddedStack.start(settings, RunningService::tell);
      try {
        return new RunningService(stack, ServiceProcess.start(stack));
      } catch (StackFailure | InterruptedException e) {
        stack.close();
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("The start for the tests was interrupted.", e);
    } catch (IOException e) {
      throw new StackFailure("The data folder for the tests cannot be emptied.", e);
    }
  }

  /** What a crashed test run left behind is ended before its folder goes. */
  private static void emptied(Path data) throws IOException {
    try (DataFolder folder = DataFolder.open(data, new SecureRandom())) {
      for (ServerProcess process : ServerProcess.leftBehind(folder)) {
        process.stop(RunningService::tell);
      }
    }
    DataFolder.delete(data);
  }

  private static void tell(String line) {
    System.out.println("stack: " + line);
  }

  static void end() {
    synchronized (LOCK) {
      if (running != null) {
        RunningService ending = running;
        running = null;
        failure = "The stack of the tests has been ended.";
        try (EmbeddedStack stores = ending.stack) {
          ending.service.close();
        }
      }
    }
  }

  /** Where the service answers, without a trailing slash. */
  public URI baseUri() {
    return service.baseUri();
  }

  /** An API key with the role of an administrator. */
  public String adminKey() {
    return stack.administratorKey();
  }

  /** Where the stores keep their data. */
  public Path data() {
    return DATA;
  }

  /** The stores. */
  public EmbeddedStack stack() {
    return stack;
  }

  /** The service's process. */
  public ServiceProcess service() {
    return service;
  }

  /** Where PostgreSQL, Redis, Neo4j and ChromaDB are. */
  public StackAddresses addresses() {
    return stack.addresses();
  }

  /** The service's own database, as the service's user. */
  public DataSource dataSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(addresses().postgres().jdbcUrl());
    source.setUser(addresses().postgres().user());
    source.setPassword(addresses().postgres().password());
    return source;
  }

  /** A connection to the service's own database; the caller closes it. */
  public Connection connection() throws SQLException {
    return dataSource().getConnection();
  }

  /** Stops the service and starts it again on the same stores; its port may change. */
  public void restart() throws InterruptedException {
    service.close();
    service = ServiceProcess.start(stack);
  }

  /** Kills the service as a crash would and starts it again; its port may change. */
  public void crashAndRestart() throws InterruptedException {
    service.kill();
    restart();
  }

  /** One more instance on the same stores; the caller closes it. */
  public ServiceProcess startAnother() throws InterruptedException {
    return ServiceProcess.start(stack, 0);
  }

  /** One more instance with more options for its JVM; the caller closes it. */
  public ServiceProcess startAnother(String... options) throws InterruptedException {
    return ServiceProcess.start(stack, 0, List.of(options));
  }

  /**
   * What the service answered.
   *
   * @param body as text; empty when there is none
   */
  public record Reply(int status, HttpHeaders headers, String body) {

    /** The body as JSON. */
    public JsonNode json() {
      try {
        return JsonMapper.builder().build().readTree(body);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + body, e);
      }
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
      return headers.firstValue(name);
    }
  }

  /** A request with the administrator's key, to be completed and sent by {@link #send}. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(baseUri() + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + adminKey());
  }

  /** Sends any request. */
  public Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
      return new Reply(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new AssertionError("no answer; see " + service.log(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** GET with the administrator's key. */
  public Reply get(String path) {
    return send(request(path).GET());
  }

  /** Whether every derived store has all changes. */
  public boolean isCaughtUp() {
    for (JsonNode target : get("/api/v1/operations/projections").json().path("targets")) {
      if (target.path("pending").asLong(-1) != 0) {
        return false;
      }
    }
    return true;
  }

  /** DELETE with the administrator's key. */
  public Reply delete(String path) {
    return send(request(path).DELETE());
  }

  /** POST of JSON with the administrator's key; a string is sent as it is. */
  public Reply post(String path, Object body) {
    return withBody("POST", path, body);
  }

  /** PUT of JSON with the administrator's key; a string is sent as it is. */
  public Reply put(String path, Object body) {
    return withBody("PUT", path, body);
  }

  /** PATCH of JSON with the administrator's key; a string is sent as it is. */
  public Reply patch(String path, Object body) {
    return withBody("PATCH", path, body);
  }

  private Reply withBody(String method, String path, Object body) {
    try {
      String text = body instanceof String string ? string : json.writeValueAsString(body);
      return send(
          request(path)
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(text, UTF_8)));
    } catch (JsonProcessingException e) {
      throw new AssertionError("cannot be written as JSON: " + body, e);
    }
  }
}
