package io.kailash.platform;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** Everything under {@code /api/v1}. Resources and providers are found by their annotations. */
@ApplicationPath("/api/v1")
public class RestApplication extends Application {
  @Override
  public Map<String, Object> getProperties() {
    return Map.of(
        // Bodies are validated where they are read, with pointers; a second mechanism would cost
        // locks on every request and answer in another shape.
        "jersey.config.beanValidation.disable.server", true,
        "jersey.config.server.wadl.disableWadl", true,
        // A body of JSON tells its length itself; a buffer of 8 kB for each answer would only be
        // cleared and copied.
        "jersey.config.contentLength.buffer", 64,
        // One JSON library for all bodies.
        "jersey.config.disableMoxyJson", true,
        "jersey.config.disableJsonBinding", true,
        "jersey.config.disableJsonProcessing", true);
  }
}
