package io.kailash.jobs;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The kinds of work that the rooms offer. Asked for late: they may need this room themselves. */
@Singleton
class JobKinds {
  private final Supplier<List<JobKind>> source;
  private volatile List<JobKind> known;

  @Inject
  JobKinds(@Any Instance<JobKind> kinds) {
    source =
        () -> {
          List<JobKind> found = new ArrayList<>();
          kinds.forEach(found::add);
          return found;
        };
  }

  JobKinds(List<JobKind> kinds) {
    source = () -> kinds;
  }

  List<JobKind> all() {
    if (known == null) {
      known = List.copyOf(source.get());
    }
    return known;
  }

  Optional<JobKind> find(String name) {
    for (JobKind kind : all()) {
      if (kind.name().equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  int atOnce(String name) {
    return find(name).map(kind -> Math.max(1, kind.atOnce())).orElse(Integer.MAX_VALUE);
  }

  int priority(String name) {
    return find(name)
        .map(kind -> Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, kind.priority())))
        .orElse(0);
  }

  boolean pausable(String name) {
    return find(name).map(JobKind::pausable).orElse(true);
  }
}
