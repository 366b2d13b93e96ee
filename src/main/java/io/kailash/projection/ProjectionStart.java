package io.kailash.projection;

import io.kailash.jobs.Jobs;
import io.kailash.platform.LargeFiles;
import io.kailash.platform.Outbox;
import io.kailash.platform.OwnConnections;
import io.kailash.platform.Periodic;
import io.kailash.platform.Settings;
import io.kailash.platform.StoreWatch;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts a relay for every target when the service starts, and ends them with it. */
@Singleton
class ProjectionStart {
  private static final String ACTOR = "projection";

  private final List<OutboxRelay> relays = new ArrayList<>();
  private final List<Thread> running = new ArrayList<>();

  @Resource ManagedThreadFactory threads;

  void start(
      @Observes @Initialized(ApplicationScoped.class) Object event,
      Targets targets,
      Projections projections,
      Ledger ledger,
      OwnConnections connections,
      StoreWatch watch,
      Settings settings,
      Outbox outbox,
      Jobs jobs,
      Periodic periodic,
      LargeFiles files) {
    projections.start(periodic);
    ProjectionSettings read = ProjectionSettings.read(settings);
    String instance = "process " + ProcessHandle.current().pid();
    for (Projector projector : targets.all()) {
      OutboxRelay relay =
          new OutboxRelay(
              projector,
              ledger,
              connections,
              watch,
              read,
              files::underWay,
              instance,
              () -> jobs.submit(Rebuild.KIND, projector.target(), Map.of(), ACTOR));
      relays.add(relay);
      outbox.whenCommitted(relay::wake);
      Thread thread = threads.newThread(relay);
      thread.setName("relay-" + projector.target());
      running.add(thread);
      thread.start();
    }
  }

  @PreDestroy
  void stop() {
    relays.forEach(OutboxRelay::stop);
    running.forEach(Thread::interrupt);
  }
}
