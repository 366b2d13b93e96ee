package io.kailash.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Without its limits the client would wait for ever; then this fails instead of hanging.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutgoingHttpTest {
  private static final HttpClientResponseHandler<String> BODY =
      answer -> answer.getCode() + " " + EntityUtils.toString(answer.getEntity());

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private ServerSocket listener;
  private OutgoingHttp http;

  /** What the server writes after each request. */
  private interface Behaviour {
    void answer(Socket connection) throws Exception;
  }

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() throws IOException {
    release.countDown();
    listener.close();
    if (http != null) {
      http.close();
    }
    threads.shutdownNow();
  }

  private void serve(Behaviour behaviour) {
    threads.submit(
        () -> {
          while (true) {
            Socket connection = listener.accept();
            threads.submit(() -> answerAll(connection, behaviour));
          }
        });
  }

  private Void answerAll(Socket connection, Behaviour behaviour) throws Exception {
    try (connection) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          requests.incrementAndGet();
          behaviour.answer(connection);
        }
      }
    }
    return null;
  }

  private static void write(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(UTF_8));
    connection.getOutputStream().flush();
  }

  private static void ok(Socket connection) throws IOException {
    write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }

  private OutgoingHttp client(int max, int perHost, Duration connecting, Duration reading) {
    http = new OutgoingHttp(new HttpClientSettings(max, perHost, connecting, reading));
    return http;
  }

  private HttpGet get() {
    return new HttpGet("http://127.0.0.1:" + listener.getLocalPort() + "/");
  }

  @Test
  void oneHostGetsNoMoreThanItsShareOfConnections() throws Exception {
    serve(
        connection -> {
          release.await();
          ok(connection);
        });
    OutgoingHttp limited = client(100, 3, Duration.ofSeconds(60), Duration.ofSeconds(60));
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(threads.submit(() -> limited.client().execute(get(), BODY)));
    }
    while (limited.waiting() < 7) {
      assertThat(answers).noneMatch(Future::isDone);
      Thread.onSpinWait();
    }
    assertThat(requests.get()).isLessThanOrEqualTo(3);

    release.countDown();
    for (Future<String> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("200 ok");
    }
    assertThat(requests).hasValue(10);
  }

  @Test
  void whoGetsNoConnectionInTimeIsToldSo() throws Exception {
    serve(
        connection -> {
          release.await();
          ok(connection);
        });
    OutgoingHttp limited = client(1, 1, Duration.ofMillis(100), Duration.ofSeconds(60));
    Future<String> first = threads.submit(() -> limited.client().execute(get(), BODY));
    while (requests.get() == 0) {
      assertThat(first.isDone()).isFalse();
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> limited.client().execute(get(), BODY))
        .isInstanceOf(ConnectionRequestTimeoutException.class);
  }

  @Test
  void anAnswerThatStopsHalfWayIsGivenUpAndNotAskedForAgain() {
    serve(connection -> write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
    OutgoingHttp limited = client(1, 1, Duration.ofSeconds(60), Duration.ofMillis(100));
    assertThatThrownBy(() -> limited.client().execute(get(), BODY))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(requests).hasValue(1);
  }

  @Test
  void noRedirectIsFollowed() throws IOException, HttpException {
    serve(
        connection ->
            write(
                connection,
                "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"));
    OutgoingHttp limited = client(1, 1, Duration.ofSeconds(60), Duration.ofSeconds(60));
    assertThat(limited.client().execute(get(), BODY)).isEqualTo("302 ");
    assertThat(requests).hasValue(1);
  }

  @Test
  void aProbeIsSatisfiedBySuccessAlone() throws Exception {
    AtomicInteger status = new AtomicInteger(200);
    serve(
        connection -> write(connection, "HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n"));
    OutgoingHttp limited = client(1, 1, Duration.ofSeconds(60), Duration.ofSeconds(60));
    try (StoreProbe probe =
        limited.probe(
            "chroma",
            URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/"),
            Duration.ofSeconds(60))) {
      assertThat(probe.ask()).isEmpty();
      status.set(503);
      assertThatThrownBy(probe::ask)
          .isInstanceOf(StoreTrouble.class)
          .hasMessage("answers with status 503");
    }
  }
}
