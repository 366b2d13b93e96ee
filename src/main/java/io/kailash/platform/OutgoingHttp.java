package io.kailash.platform;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * The one pool of outgoing HTTP connections.
 *
 * <p>It is Apache's client and not the JDK's, because the JDK's knows neither of the specified
 * limits: it bounds idle connections for the whole process by a system property, but not open ones,
 * in all or to one host, and its time-out ends with the headers of the answer, so that a body that
 * stops half-way is awaited for ever. Apache's has exactly these limits and counts what it does.
 *
 * <p>Nothing is repeated, no redirect is followed and no cookie kept: who calls decides. An answer
 * that is larger than a caller expects is the caller's to refuse, in its response handler.
 */
@Singleton
public final class OutgoingHttp {
  private final HttpClientSettings settings;
  private final PoolingHttpClientConnectionManager pool;
  private final CloseableHttpClient client;

  @Inject
  OutgoingHttp(Settings all) {
    this(HttpClientSettings.read(all));
  }

  OutgoingHttp(HttpClientSettings settings) {
    this.settings = settings;
    Timeout connecting = timeout(settings.connectionTimeout());
    Timeout reading = timeout(settings.readTimeout());
    pool =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnTotal(settings.maxConnections())
            .setMaxConnPerRoute(settings.maxConnectionsPerHost())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(connecting)
                    .setSocketTimeout(reading)
                    .setValidateAfterInactivity(Timeout.ofSeconds(2))
                    .build())
            .build();
    client =
        HttpClients.custom()
            .setConnectionManager(pool)
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(connecting)
                    .setResponseTimeout(reading)
                    .build())
            .setUserAgent("kailash")
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .build();
  }

  /** The client; a response handler must be given, which returns the connection in any case. */
  public HttpClient client() {
    return client;
  }

  /** Asks an address on a connection outside the pool whether it answers with success. */
  StoreProbe probe(String store, URI address, Duration timeout) {
    return new Probe(store, address, timeout);
  }

  void show(PoolFigures figures) {
    figures
        .of("http")
        .limit("max", settings.maxConnections())
        .limit("max_per_host", settings.maxConnectionsPerHost())
        .limit("connection_timeout", settings.connectionTimeout())
        .limit("read_timeout", settings.readTimeout())
        .connections("active", () -> pool.getTotalStats().getLeased())
        .connections("idle", () -> pool.getTotalStats().getAvailable())
        .waiting(this::waiting);
  }

  /** How many callers wait for a connection. */
  int waiting() {
    return pool.getTotalStats().getPending();
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.of(duration);
  }

  @PreDestroy
  void close() {
    client.close(CloseMode.GRACEFUL);
  }

  private static final class Probe implements StoreProbe {
    private final String store;
    private final URI address;
    private final CloseableHttpClient own;

    Probe(String store, URI address, Duration timeout) {
      this.store = store;
      this.address = address;
      BasicHttpClientConnectionManager connection = new BasicHttpClientConnectionManager();
      connection.setConnectionConfig(
          ConnectionConfig.custom()
              .setConnectTimeout(timeout(timeout))
              .setSocketTimeout(timeout(timeout))
              .build());
      own =
          HttpClients.custom()
              .setConnectionManager(connection)
              .setDefaultRequestConfig(
                  RequestConfig.custom().setResponseTimeout(timeout(timeout)).build())
              .setUserAgent("kailash")
              .disableAutomaticRetries()
              .disableRedirectHandling()
              .disableCookieManagement()
              .build();
    }

    @Override
    public String store() {
      return store;
    }

    @Override
    public Map<String, String> ask() throws IOException, StoreTrouble {
      HttpClientResponseHandler<Integer> status = answer -> answer.getCode();
      int code = own.execute(new HttpGet(address), status);
      if (code != 200) {
        throw new StoreTrouble("answers with status " + code);
      }
      return Map.of();
    }

    @Override
    public void close() {
      own.close(CloseMode.IMMEDIATE);
    }
  }
}
