package io.kailash.projection;

import io.kailash.platform.ProblemException;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The targets of this instance: every bean that is a {@link Projector} and has its store. */
@Singleton
class Targets {
  private final List<Projector> all;

  @Inject
  Targets(@Any Instance<Projector> projectors) {
    all = projectors.stream().sorted(Comparator.comparing(Projector::target)).toList();
  }

  /** All, by name. */
  List<Projector> all() {
    return all;
  }

  List<String> names() {
    return all.stream().map(Projector::target).toList();
  }

  Optional<Projector> find(String target) {
    return all.stream().filter(known -> known.target().equals(target)).findFirst();
  }

  /**
   * Like {@link #find}, for a caller who cannot go on without.
   *
   * @throws ProblemException 404 where there is none
   */
  Projector require(String target) {
    return find(target).orElseThrow(() -> ProblemException.notFound("target", target));
  }
}
