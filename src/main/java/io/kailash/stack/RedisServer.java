package io.kailash.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.embedded.core.ExecutableProvider;

/** A real Redis from the binary of a Maven artifact, with password and memory limit. */
final class RedisServer {

  private RedisServer() {}

  static RedisAddress start(Launch launch, int port) throws IOException, InterruptedException {
    long began = System.nanoTime();
    String password = launch.folder().secret("redis");
    Path conf =
        launch.configure(
            "redis",
            "redis.conf",
            "redis.conf",
            Map.of(
                "port",
                Integer.toString(port),
                "password",
                password,
                "memory-bytes",
                Long.toString(launch.settings().bytes(Setting.REDIS_MEMORY)),
                "folder",
                launch.folder().folder("redis").toString()));
    ServerProcess process =
        launch.start(
            new ServerProcess.Order(
                4,
                "Redis",
                "redis",
                List.of(program(launch.folder()).toString(), conf.toString()),
                Map.of(),
                StopSignal.TERM,
                Launch.patience(20)));
    String[] version = new String[1];
    launch.await(
        process,
        () -> {
          try (Jedis redis =
              new Jedis(
                  new HostAndPort("127.0.0.1", port),
                  DefaultJedisClientConfig.builder().password(password).build())) {
            version[0] = redis.info("server").replaceAll("(?s).*redis_version:(\\S+).*", "$1");
            return true;
          }
        });
    launch.ready("Redis " + version[0], port, began);
    return new RedisAddress(URI.create("redis://:" + password + "@127.0.0.1:" + port + "/0"));
  }

  private static Path program(DataFolder folder) throws IOException {
    Path unfinished = folder.folder("tmp/redis");
    Path copy = ExecutableProvider.newJarResourceProvider(unfinished.toFile()).get().toPath();
    Path target =
        folder.resolve("programs").resolve("redis-" + Fingerprint.of(Files.readAllBytes(copy)));
    if (!Files.exists(target)) {
      Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
    }
    DataFolder.delete(unfinished);
    return target;
  }
}
