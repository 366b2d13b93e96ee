package io.kailash.catalog;

import io.kailash.platform.LargeFiles;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;

/**
 * The words by which items are found. Those of a single change are written with it; those of large
 * files are gathered afterwards, chunk by chunk, by whichever instance comes first.
 */
@Singleton
class ItemWords {
  private static final Logger LOG = Logger.getLogger(ItemWords.class.getName());

  /** Writes the words of items {@code i}, unless newer ones are there; the source follows. */
  static final String WRITE =
      "insert into item_words as w (item_id, version, words) select i.id, i.version,"
          + " case when i.deleted_at is null"
          + " then item_words(i.title, i.sku, i.brand, i.description) else '' end from ";

  /** The end of {@link #WRITE}. */
  static final String UNLESS_NEWER =
      " on conflict (item_id) do update set version = excluded.version, words = excluded.words"
          + " where w.version < excluded.version";

  /** One item as it stands, in the caller's transaction. */
  static final String WRITE_ONE = WRITE + "item i where i.sku = ?" + UNLESS_NEWER;

  /** Takes the next chunk; tells how many chunks and items that were. */
  static final String GATHER_NEXT =
      "with due as (select id, item_ids from item_words_due order by id limit 1"
          + " for update skip locked),"
          + " gone as (delete from item_words_due d using due where d.id = due.id), done as ("
          + WRITE
          + "due cross join unnest(due.item_ids) as wanted (id) join item i on i.id = wanted.id"
          + " order by i.id"
          + UNLESS_NEWER
          + " returning 1) select (select count(*) from due), (select count(*) from done)";

  /** Chunks from which on the index gathers more before it sorts that in. */
  private static final int MANY = 4;

  private final CatalogDatabase database;
  private final LargeFiles files;

  @Inject
  ItemWords(CatalogDatabase database, LargeFiles files, MetricRegistry figures) {
    this(database, files);
    figures.gauge(
        Metadata.builder()
            .withName("kailash_catalog_words_due")
            .withDescription("Chunks of uploaded items that cannot be found by their words yet.")
            .build(),
        this::due);
  }

  /** Without figures. */
  ItemWords(CatalogDatabase database, LargeFiles files) {
    this.database = database;
    this.files = files;
  }

  long due() {
    return database
        .first("select count(*) from item_words_due", row -> row.getLong(1))
        .orElseThrow();
  }

  /** Gathers what is due, unless a large file is on its way in and nothing waits for long. */
  void gather() {
    long due = due();
    if (due == 0 || !mayGather()) {
      return;
    }
    boolean many = due >= MANY;
    if (many) {
      // Of the index and not of a session: else the next single change, which knows only the usual
      // limit, would have to sort everything in.
      database.run("alter index item_words_search set (gin_pending_list_limit = 32768)");
    }
    long items = 0;
    for (long[] done = next(); done[0] > 0 && mayGather(); done = next()) {
      items += done[1];
    }
    if (many) {
      database.run("alter index item_words_search reset (gin_pending_list_limit)");
      database.all("select gin_clean_pending_list('item_words_search')", row -> row.getLong(1));
      LOG.log(Level.INFO, "the words of {0} uploaded items were gathered", items);
    }
  }

  private boolean mayGather() {
    return !files.underWay()
        || database
            .first(
                "select exists (select 1 from item_words_due where at < now() - make_interval(mins"
                    + " => ?))",
                row -> row.getBoolean(1),
                LargeFiles.LONGEST_WAIT_MINUTES)
            .orElseThrow();
  }

  /** Gathers one chunk in a transaction of its own; how many chunks and items that were. */
  private long[] next() {
    return database.connected(
        connection -> {
          boolean before = connection.getAutoCommit();
          connection.setAutoCommit(false);
          try (Statement room = connection.createStatement();
              PreparedStatement gather = connection.prepareStatement(GATHER_NEXT)) {
            // What sorts in the gathered words needs room for them.
            room.execute("set local work_mem = '64MB'");
            long[] done;
            try (var row = gather.executeQuery()) {
              row.next();
              done = new long[] {row.getLong(1), row.getLong(2)};
            }
            connection.commit();
            return done;
          } finally {
            connection.rollback();
            connection.setAutoCommit(before);
          }
        });
  }
}
