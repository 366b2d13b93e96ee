package io.kailash.platform;

import java.time.Duration;

/**
 * How the service speaks HTTP to others. Defaults are the limits the performance targets state: 100
 * connections, 20 to one host, 10 s to get one, 30 s without a byte.
 *
 * @param maxConnections {@code kailash.http-client.max}
 * @param maxConnectionsPerHost {@code kailash.http-client.max-per-host}
 * @param connectionTimeout longest wait for a connection, whether a free one or a new one, {@code
 *     kailash.http-client.timeout}
 * @param readTimeout longest silence while an answer is awaited, {@code
 *     kailash.http-client.read-timeout}
 */
record HttpClientSettings(
    int maxConnections,
    int maxConnectionsPerHost,
    Duration connectionTimeout,
    Duration readTimeout) {

  static HttpClientSettings read(Settings settings) {
    int max = settings.wholeNumber("kailash.http-client.max", 100, 1, 10_000);
    int perHost = settings.wholeNumber("kailash.http-client.max-per-host", 20, 1, 10_000);
    if (perHost > max) {
      throw new InvalidSettingException(
          "kailash.http-client.max-per-host",
          perHost + " is more than kailash.http-client.max = " + max,
          null);
    }
    return new HttpClientSettings(
        max,
        perHost,
        settings.duration("kailash.http-client.timeout", Duration.ofSeconds(10)),
        settings.duration("kailash.http-client.read-timeout", Duration.ofSeconds(30)));
  }
}
