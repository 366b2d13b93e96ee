package io.kailash.taxonomy;

import io.kailash.access.AuditLog;
import io.kailash.platform.Outbox;
import io.kailash.platform.OutboxEvent;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * The tables. Every change locks the taxonomy's row first, so changes of one taxonomy happen one
 * after another, and is a transaction of its own, so that what the memory of {@link Taxonomies}
 * shows afterwards is committed.
 */
@Singleton
class TaxonomyStore {
  /** Kind of the events that tell of a taxonomy's active version. */
  private static final String KIND = "taxonomy";

  private static final String FOREIGN_KEY_VIOLATION = "23503";
  private static final String COLUMNS =
      "t.id, t.code, t.name, t.review_threshold, t.revision, t.created_at, t.changed_at,"
          + " v.version, v.digest, v.sample, v.format, v.per_level, v.categories, v.leaves,"
          + " v.imported_at, v.imported_by";
  private static final String WITH_ACTIVE_VERSION =
      "select "
          + COLUMNS
          + " from taxonomy t left join taxonomy_version v"
          + " on v.taxonomy_id = t.id and v.version = t.active_version";

  private final DataSource database;
  private final AuditLog audit;
  private final Outbox outbox;
  private final Clock clock;

  @Inject
  TaxonomyStore(DataSource database, AuditLog audit, Outbox outbox, Clock clock) {
    this.database = database;
    this.audit = audit;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * One version as it was imported.
   *
   * @param digest in hexadecimal
   */
  record VersionRow(
      int version,
      String digest,
      boolean sample,
      String format,
      List<Integer> perLevel,
      int categories,
      int leaves,
      Instant importedAt,
      String importedBy) {}

  /**
   * A taxonomy.
   *
   * @param active null where nothing was imported yet
   * @param revision grows with every change
   */
  record TaxonomyRow(
      long id,
      String code,
      String name,
      double reviewThreshold,
      long revision,
      Instant createdAt,
      Instant changedAt,
      VersionRow active) {
    /** The entity tag, with its quotes; a taxonomy made anew under an old code has another. */
    String etag() {
      return "\"" + id + "-" + revision + "\"";
    }
  }

  /** What became of a file. */
  record Written(boolean created, int version, int activeVersion) {}

  /** What became of a PUT. */
  record Put(boolean created, TaxonomyRow row) {}

  @Transactional(Transactional.TxType.REQUIRES_NEW)
  List<TaxonomyRow> all() {
    return query(WITH_ACTIVE_VERSION + " order by t.code collate \"C\"");
  }

  @Transactional
  List<TaxonomyRow> after(String code, int limit) {
    return query(
        WITH_ACTIVE_VERSION
            + " where t.code collate \"C\" > ? order by t.code collate \"C\" limit ?",
        code,
        limit);
  }

  @Transactional
  Optional<TaxonomyRow> find(String code) {
    return query(WITH_ACTIVE_VERSION + " where t.code = ?", code).stream().findFirst();
  }

  /** Versions below {@code before}, newest first. */
  @Transactional
  List<VersionRow> versions(long taxonomyId, int before, int limit) {
    return query(
            "select "
                + COLUMNS
                + " from taxonomy t join taxonomy_version v on v.taxonomy_id = t.id"
                + " where t.id = ? and v.version < ? order by v.version desc limit ?",
            taxonomyId,
            before,
            limit)
        .stream()
        .map(TaxonomyRow::active)
        .toList();
  }

  @Transactional(Transactional.TxType.REQUIRES_NEW)
  Categories categories(long taxonomyId, int version) {
    List<CategoryRow> rows = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select code, name, parent_code from category"
                    + " where taxonomy_id = ? and version = ? order by position")) {
      select.setFetchSize(5000);
      select.setLong(1, taxonomyId);
      select.setInt(2, version);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(new CategoryRow(row.getString(1), row.getString(2), row.getString(3)));
        }
      }
    } catch (SQLException failure) {
      throw failed("read the categories", failure);
    }
    return Categories.of(rows);
  }

  /** Writes a file as newest and active version, unless its content is a version already. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  Written write(
      String actor,
      String code,
      String name,
      boolean sample,
      double reviewThreshold,
      TaxonomyFile file) {
    try (Connection connection = database.getConnection()) {
      insertIfAbsent(connection, actor, code, name, reviewThreshold);
      TaxonomyRow taxonomy = lock(connection, code).orElseThrow(() -> gone(code));
      byte[] digest = HexFormat.of().parseHex(file.digest());
      Integer known = versionOf(connection, taxonomy.id(), digest);
      if (known != null) {
        return new Written(false, known, taxonomy.active().version());
      }
      int version = newestVersion(connection, taxonomy.id()) + 1;
      insertVersion(connection, actor, taxonomy.id(), version, digest, sample, file);
      copy(connection, taxonomy.id(), version, file.categories());
      setActive(connection, taxonomy.id(), version);
      outbox.add(connection, List.of(OutboxEvent.changed(KIND, code, version)));
      audit.record(
          actor,
          "taxonomy.import",
          code,
          Map.of(
              "version", version,
              "digest", file.digest(),
              "format", file.format().text(),
              "categories", file.categories().size()));
      return new Written(true, version, version);
    } catch (SQLException | IOException failure) {
      throw failed("import a version", failure);
    }
  }

  /** Makes a taxonomy, or changes one whose tag the caller knows. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  Put put(
      String actor,
      String code,
      String ifMatch,
      String name,
      double newThreshold,
      Double threshold) {
    try (Connection connection = database.getConnection()) {
      if (ifMatch == null
          && insertIfAbsent(
              connection, actor, code, name, threshold == null ? newThreshold : threshold)) {
        return new Put(true, lock(connection, code).orElseThrow(() -> gone(code)));
      }
      TaxonomyRow current = lock(connection, code).orElseThrow(() -> gone(code));
      double wanted = threshold == null ? current.reviewThreshold() : threshold;
      boolean same = name.equals(current.name()) && wanted == current.reviewThreshold();
      if (ifMatch == null && !same) {
        throw ProblemException.preconditionRequired();
      }
      if (ifMatch != null && !ifMatch.equals("*") && !ifMatch.equals(current.etag())) {
        throw ProblemException.stale(current.etag());
      }
      if (same) {
        return new Put(false, current);
      }
      update(
          connection,
          "update taxonomy set name = ?, review_threshold = ?, revision = revision + 1,"
              + " changed_at = ? where id = ?",
          name,
          wanted,
          now(),
          current.id());
      audit.record(
          actor, "taxonomy.change", code, Map.of("name", name, "review_threshold", wanted));
      return new Put(false, lock(connection, code).orElseThrow(() -> gone(code)));
    } catch (SQLException failure) {
      throw failed("change a taxonomy", failure);
    }
  }

  /** Makes an older or newer version the active one. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  TaxonomyRow activate(String actor, String code, int version) {
    try (Connection connection = database.getConnection()) {
      TaxonomyRow current =
          lock(connection, code).orElseThrow(() -> ProblemException.notFound("taxonomy", code));
      if (versions(current.id(), version + 1, 1).stream().noneMatch(v -> v.version() == version)) {
        throw ProblemException.notFound("version", Integer.toString(version));
      }
      int before = current.active().version();
      if (before == version) {
        return current;
      }
      setActive(connection, current.id(), version);
      outbox.add(connection, List.of(OutboxEvent.changed(KIND, code, version)));
      audit.record(actor, "taxonomy.activate", code, Map.of("version", version, "before", before));
      return lock(connection, code).orElseThrow(() -> gone(code));
    } catch (SQLException failure) {
      throw failed("activate a version", failure);
    }
  }

  /**
   * Deletes a taxonomy with all versions.
   *
   * @throws ProblemException 409 while another table refers to it
   */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  void delete(String actor, String code) {
    try (Connection connection = database.getConnection()) {
      TaxonomyRow current =
          lock(connection, code).orElseThrow(() -> ProblemException.notFound("taxonomy", code));
      update(connection, "delete from taxonomy where id = ?", current.id());
      long version = current.active() == null ? 0 : current.active().version();
      outbox.add(connection, List.of(OutboxEvent.removed(KIND, code, version)));
      audit.record(actor, "taxonomy.delete", code, Map.of("name", current.name()));
    } catch (SQLException failure) {
      if (FOREIGN_KEY_VIOLATION.equals(failure.getSQLState())) {
        throw ProblemException.conflict(
            "taxonomy-in-use",
            "Taxonomy in use",
            "the taxonomy '" + code + "' has labels, feedback or models; delete those first");
      }
      throw failed("delete a taxonomy", failure);
    }
  }

  private boolean insertIfAbsent(
      Connection connection, String actor, String code, String name, double reviewThreshold)
      throws SQLException {
    OffsetDateTime now = now();
    boolean made =
        update(
                connection,
                "insert into taxonomy"
                    + " (code, name, review_threshold, revision, created_at, created_by, changed_at)"
                    + " values (?, ?, ?, 1, ?, ?, ?) on conflict (code) do nothing",
                code,
                name,
                reviewThreshold,
                now,
                actor,
                now)
            == 1;
    if (made) {
      audit.record(
          actor,
          "taxonomy.create",
          code,
          Map.of("name", name, "review_threshold", reviewThreshold));
    }
    return made;
  }

  private static Optional<TaxonomyRow> lock(Connection connection, String code)
      throws SQLException {
    // Locked first and read after that: a join that waited for the lock would show the version that
    // was active before.
    try (PreparedStatement lock =
        connection.prepareStatement("select id from taxonomy where code = ? for update")) {
      lock.setString(1, code);
      lock.executeQuery().close();
    }
    return query(connection, WITH_ACTIVE_VERSION + " where t.code = ?", code).stream().findFirst();
  }

  private static Integer versionOf(Connection connection, long taxonomyId, byte[] digest)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select version from taxonomy_version where taxonomy_id = ? and digest = ?")) {
      select.setLong(1, taxonomyId);
      select.setBytes(2, digest);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getInt(1) : null;
      }
    }
  }

  private static int newestVersion(Connection connection, long taxonomyId) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select coalesce(max(version), 0) from taxonomy_version where taxonomy_id = ?")) {
      select.setLong(1, taxonomyId);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private void insertVersion(
      Connection connection,
      String actor,
      long taxonomyId,
      int version,
      byte[] digest,
      boolean sample,
      TaxonomyFile file)
      throws SQLException {
    Categories categories = file.categories();
    Array perLevel = connection.createArrayOf("integer", categories.perLevel().toArray());
    update(
        connection,
        "insert into taxonomy_version (taxonomy_id, version, digest, sample, format, per_level,"
            + " categories, leaves, imported_at, imported_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        taxonomyId,
        version,
        digest,
        sample,
        file.format().text(),
        perLevel,
        categories.size(),
        categories.leaves(),
        now(),
        actor);
    perLevel.free();
  }

  private static void copy(
      Connection connection, long taxonomyId, int version, Categories categories)
      throws SQLException, IOException {
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn(
            "copy category (taxonomy_id, version, position, code, name, parent_code, path, level,"
                + " leaf) from stdin",
            new CategoryCopy(taxonomyId, version, categories));
  }

  private void setActive(Connection connection, long taxonomyId, int version) throws SQLException {
    update(
        connection,
        "update taxonomy set active_version = ?, revision = revision + 1, changed_at = ?"
            + " where id = ?",
        version,
        now(),
        taxonomyId);
  }

  private static int update(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      return statement.executeUpdate();
    }
  }

  private List<TaxonomyRow> query(String sql, Object... parameters) {
    try (Connection connection = database.getConnection()) {
      return query(connection, sql, parameters);
    } catch (SQLException failure) {
      throw failed("read taxonomies", failure);
    }
  }

  private static List<TaxonomyRow> query(Connection connection, String sql, Object... parameters)
      throws SQLException {
    List<TaxonomyRow> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      set(select, parameters);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(row(row));
        }
      }
    }
    return found;
  }

  private static TaxonomyRow row(ResultSet row) throws SQLException {
    VersionRow active = null;
    int version = row.getInt("version");
    if (!row.wasNull()) {
      active =
          new VersionRow(
              version,
              HexFormat.of().formatHex(row.getBytes("digest")),
              row.getBoolean("sample"),
              row.getString("format"),
              Arrays.asList((Integer[]) row.getArray("per_level").getArray()),
              row.getInt("categories"),
              row.getInt("leaves"),
              instant(row, "imported_at"),
              row.getString("imported_by"));
    }
    return new TaxonomyRow(
        row.getLong("id"),
        row.getString("code"),
        row.getString("name"),
        row.getDouble("review_threshold"),
        row.getLong("revision"),
        instant(row, "created_at"),
        instant(row, "changed_at"),
        active);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static ProblemException gone(String code) {
    return ProblemException.notFound("taxonomy", code);
  }

  private static IllegalStateException failed(String what, Exception failure) {
    return new IllegalStateException("cannot " + what, failure);
  }
}
