package io.kailash.transfer.uploads;

import io.kailash.platform.Periodic;
import io.kailash.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Reads the settings when the service starts, and removes what nobody goes on with. */
@Singleton
class UploadsStart {
  private static final Duration BETWEEN_CLEANINGS = Duration.ofMinutes(10);
  private static final Duration KEPT = Duration.ofDays(7);

  static void start(
      @Observes @Initialized(ApplicationScoped.class) Object event,
      Settings settings,
      UploadStore store,
      Periodic periodic) {
    UploadSettings own = UploadSettings.read(settings);
    periodic.every(
        BETWEEN_CLEANINGS, "removal of old uploads", () -> store.removeOld(own.expiry(), KEPT));
  }
}
