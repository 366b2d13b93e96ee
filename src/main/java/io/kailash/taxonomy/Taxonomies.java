package io.kailash.taxonomy;

import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.platform.TextRules;
import io.kailash.taxonomy.TaxonomyStore.Put;
import io.kailash.taxonomy.TaxonomyStore.TaxonomyRow;
import io.kailash.taxonomy.TaxonomyStore.VersionRow;
import io.kailash.taxonomy.TaxonomyStore.Written;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * The taxonomies with their active versions, held in memory. A change made here counts at once; one
 * made by another instance within {@code kailash.taxonomy.refresh}. While the database is down, the
 * last known are served.
 */
@Singleton
public class Taxonomies {
  static final int MAX_NAME = 200;
  static final String CODE_RULE =
      "is not a code of 1 to 63 characters a-z, 0-9 and -, beginning with a letter or digit";

  private static final Logger LOG = Logger.getLogger(Taxonomies.class.getName());
  private static final Pattern CODE = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private final TaxonomyStore store;
  private final Clock clock;
  private final TaxonomySettings settings;
  private volatile Memory memory = new Memory(Map.of(), List.of());

  /** All that is known at one moment, by code. */
  private record Memory(Map<String, Known> byCode, List<Taxonomy> usable) {}

  /**
   * One taxonomy.
   *
   * @param taxonomy null where nothing was imported yet
   */
  private record Known(Taxonomy taxonomy) {}

  @Inject
  Taxonomies(TaxonomyStore store, Clock clock, Settings settings) {
    this(store, clock, TaxonomySettings.read(settings));
  }

  Taxonomies(TaxonomyStore store, Clock clock, TaxonomySettings settings) {
    this.store = store;
    this.clock = clock;
    this.settings = settings;
  }

  static boolean isCode(String code) {
    return CODE.matcher(code).matches();
  }

  /** The taxonomy with its active version; from memory, never from the database. */
  public Optional<Taxonomy> find(String code) {
    Known known = code == null ? null : memory.byCode.get(code);
    return known == null ? Optional.empty() : Optional.ofNullable(known.taxonomy);
  }

  /**
   * Like {@link #find}, for a caller who cannot go on without.
   *
   * @param code null for the default: the setting {@code kailash.taxonomy.default}, or the only one
   * @throws ProblemException 404 naming the known ones; 409 where it has no version yet; 422 where
   *     none was named and there is no default
   */
  public Taxonomy require(String code) {
    Memory now = memory;
    String wanted = code == null ? settings.defaultCode().orElse(null) : code;
    if (wanted == null) {
      if (now.usable.size() == 1) {
        return now.usable.get(0);
      }
      throw ProblemException.invalid(
          "/taxonomy",
          now.usable.isEmpty()
              ? "is missing and there is no taxonomy yet;"
                  + " import one by POST /api/v1/taxonomies/{code}/versions"
              : "is missing and there is no default; known are " + codes(now));
    }
    Known known = now.byCode.get(wanted);
    if (known == null) {
      throw new ProblemException(
          404,
          "not-found",
          "Not found",
          "there is no taxonomy '"
              + Rows.shown(wanted)
              + "'; "
              + (now.byCode.isEmpty() ? "none was imported yet" : "known are " + codes(now)),
          List.of());
    }
    if (known.taxonomy == null) {
      throw ProblemException.conflict(
          "taxonomy-empty",
          "Taxonomy without a version",
          "the taxonomy '"
              + wanted
              + "' has no version yet; import one by POST /api/v1/taxonomies/"
              + wanted
              + "/versions");
    }
    return known.taxonomy;
  }

  private static String codes(Memory memory) {
    return String.join(", ", memory.byCode.keySet());
  }

  /** Every taxonomy that has a version, by code. */
  public List<Taxonomy> all() {
    return memory.usable;
  }

  /**
   * Imports a file as the newest version and activates it, in a transaction of its own; all or
   * nothing. Content that is a version already changes nothing.
   *
   * @param actor who does it, for the audit log
   * @param code of the taxonomy, which is made where it does not exist
   * @param name of a new taxonomy, ignored for a known one; null for its code
   * @param sample whether this version is a sample
   * @param format null to guess it from the first lines
   * @param file read to its end, not closed
   * @throws ProblemException 422 with the number of every offending line
   */
  public ImportResult importVersion(
      String actor,
      String code,
      String name,
      boolean sample,
      TaxonomyFormat format,
      InputStream file) {
    Instant begun = clock.instant();
    TextRules rules = new TextRules();
    if (!isCode(code)) {
      rules.violation("{code}", CODE_RULE);
    }
    if (name != null) {
      rules.required("?name", name, MAX_NAME);
    }
    rules.check();
    TaxonomyFile read = TaxonomyFile.read(file, format, settings.limits());
    Written written =
        store.write(
            actor,
            code,
            name == null ? code : name.strip(),
            sample,
            settings.reviewThreshold(),
            read);
    refreshAfterCommit();
    return new ImportResult(
        code,
        written.created(),
        written.version(),
        written.activeVersion(),
        read.format(),
        read.digest(),
        read.categories().size(),
        read.categories().perLevel(),
        read.categories().leaves(),
        Duration.between(begun, clock.instant()).toMillis());
  }

  /** Makes or changes a taxonomy; see {@link TaxonomyStore#put}. */
  Put put(String actor, String code, String ifMatch, String name, Double reviewThreshold) {
    Put put = store.put(actor, code, ifMatch, name, settings.reviewThreshold(), reviewThreshold);
    refreshAfterCommit();
    return put;
  }

  /** Makes a version the active one. */
  TaxonomyRow activate(String actor, String code, int version) {
    TaxonomyRow row = store.activate(actor, code, version);
    refreshAfterCommit();
    return row;
  }

  /** Deletes a taxonomy that nothing refers to. */
  void delete(String actor, String code) {
    store.delete(actor, code);
    refreshAfterCommit();
  }

  /** Like {@link #require}, after a look at the database where memory does not know it yet. */
  Taxonomy requireFresh(String code) {
    if (find(code).isEmpty()) {
      refresh();
    }
    return require(code);
  }

  /**
   * Reads again what has changed. One at a time: a slower, older reading must not replace a newer
   * one.
   */
  @PostConstruct
  synchronized void refresh() {
    Map<String, Known> before = memory.byCode;
    Map<String, Known> read = new TreeMap<>();
    for (TaxonomyRow row : store.all()) {
      read.put(row.code(), new Known(taxonomy(row, before.get(row.code()))));
    }
    memory =
        new Memory(
            read,
            read.values().stream().map(Known::taxonomy).filter(known -> known != null).toList());
  }

  private Taxonomy taxonomy(TaxonomyRow row, Known before) {
    VersionRow active = row.active();
    if (active == null) {
      return null;
    }
    boolean sameVersion =
        before != null
            && before.taxonomy != null
            && before.taxonomy.id() == row.id()
            && before.taxonomy.version() == active.version();
    return new Taxonomy(
        row.id(),
        row.code(),
        row.name(),
        active.sample(),
        row.reviewThreshold(),
        active.version(),
        active.digest(),
        sameVersion ? before.taxonomy.categories() : store.categories(row.id(), active.version()));
  }

  /** The change is committed; a failure to read it back must not make it look undone. */
  private void refreshAfterCommit() {
    try {
      refresh();
    } catch (RuntimeException failure) {
      LOG.log(
          Level.WARNING,
          "taxonomies changed but could not be read back; tried again in " + settings.refresh(),
          failure);
    }
  }
}
