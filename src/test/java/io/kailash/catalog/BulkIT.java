package io.kailash.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BulkIT {
  private static final Instant FIRST = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final Instant LATER = FIRST.plusSeconds(60);

  private OneTransaction transaction;
  private CatalogDatabase database;
  private ItemRows items;
  private LabelRows labels;
  private LabelledItems labelled;

  @BeforeEach
  void begin() throws SQLException {
    CatalogCalls calls = new CatalogCalls();
    calls.importTaxonomy();
    transaction = new OneTransaction(calls.service);
    database = new CatalogDatabase(transaction);
    items = new ItemRows(database);
    labels = new LabelRows(database);
    labelled = new LabelledItems(database);
  }

  @AfterEach
  void undo() throws SQLException {
    transaction.close();
  }

  private long taxonomy() {
    return database
        .first(
            "select id from taxonomy where code = ?", row -> row.getLong(1), CatalogCalls.TAXONOMY)
        .orElseThrow();
  }

  private static ItemDraft draft(String sku, String title) {
    return new ItemDraft(sku, title, null, null, null, null, Map.of(), true, false);
  }

  private int label(String category, Instant at, String... skus) {
    List<Integer> missing = new ArrayList<>();
    List<LabelDraft> drafts = new ArrayList<>();
    for (String sku : skus) {
      drafts.add(new LabelDraft(sku, category));
    }
    int written = labels.merge(taxonomy(), drafts, LabelSource.IMPORT, "bulk", at, missing::add);
    assertThat(missing).isEmpty();
    return written;
  }

  @Test
  void everyTextSurvivesTheCopy() {
    String hostile = "\\N \\. \\\\ \t\r\n\"',; \u0001\u007f😀 مصباح {}";
    ItemDraft draft =
        new ItemDraft(
            "bulk-hostile",
            hostile,
            "\\N",
            "",
            "\\.",
            "http://x/\t",
            Map.of("k" + hostile, hostile, "n", 1.5, "b", true),
            false,
            true);
    assertThat(items.merge(List.of(draft, draft("bulk-plain", "NULL")), FIRST)).isEqualTo(2);
    Item read = items.find("bulk-hostile").orElseThrow();
    assertThat(read.draft()).isEqualTo(draft);
    assertThat(read.version()).isEqualTo(1);
    assertThat(read.createdAt()).isEqualTo(FIRST).isEqualTo(read.updatedAt());
    assertThat(items.find("bulk-plain").orElseThrow().brand()).isNull();
  }

  private List<String> found(String words) {
    return database.all(
        "select i.sku from item_words w join item i on i.id = w.item_id"
            + " where w.words @@ plainto_tsquery('simple', ?) order by 1",
        row -> row.getString(1),
        words);
  }

  @Test
  void wordsThatMayComeLaterComeWhenTheyAreGathered() {
    items.merge(
        List.of(draft("bulk-late", "Nachtlampe"), draft("bulk-none", "Teppich")), FIRST, true);
    assertThat(found("nachtlampe")).isEmpty();
    items.delete(items.lock("bulk-none").orElseThrow(), LATER);
    while (gather() > 0) {
      // The next chunk.
    }
    assertThat(found("nachtlampe")).containsExactly("bulk-late");
    assertThat(found("teppich")).isEmpty();
    items.merge(List.of(draft("bulk-late", "Deckenlampe")), LATER);
    assertThat(found("nachtlampe")).isEmpty();
    assertThat(found("deckenlampe")).containsExactly("bulk-late");
  }

  private long gather() {
    return database.all(ItemWords.GATHER_NEXT, row -> row.getLong(1)).get(0);
  }

  /** One who gathers has read the item before another changed it, and writes after that one. */
  @Test
  void olderWordsDoNotReplaceNewerOnes() {
    items.merge(List.of(draft("bulk-race", "Stehlampe")), FIRST);
    int written =
        database.run(
            ItemWords.WRITE
                + "(select id, version - 1 as version, deleted_at, 'Wandlampe' as title, sku, brand,"
                + " description from item where sku = ?) i where true"
                + ItemWords.UNLESS_NEWER,
            "bulk-race");
    assertThat(written).isZero();
    assertThat(found("wandlampe")).isEmpty();
    assertThat(found("stehlampe")).containsExactly("bulk-race");
  }

  @Test
  void onlyWhatDiffersIsWritten() {
    items.merge(List.of(draft("bulk-1", "One"), draft("bulk-2", "Two")), FIRST);
    int written =
        items.merge(
            List.of(draft("bulk-2", "Two!"), draft("bulk-1", "One"), draft("bulk-3", "Three")),
            LATER);
    assertThat(written).isEqualTo(2);
    assertThat(items.find("bulk-1").orElseThrow().version()).isEqualTo(1);
    Item changed = items.find("bulk-2").orElseThrow();
    assertThat(changed.version()).isEqualTo(2);
    assertThat(changed.createdAt()).isEqualTo(FIRST);
    assertThat(changed.updatedAt()).isEqualTo(LATER);
  }

  @Test
  void aDeletedItemComesBackWithAHigherVersion() {
    items.merge(List.of(draft("bulk-back", "One")), FIRST);
    items.delete(items.lock("bulk-back").orElseThrow(), FIRST);
    assertThat(items.find("bulk-back")).isEmpty();
    assertThat(items.merge(List.of(draft("bulk-back", "One")), LATER)).isEqualTo(1);
    Item back = items.find("bulk-back").orElseThrow();
    assertThat(back.version()).isEqualTo(3);
    assertThat(back.createdAt()).isEqualTo(LATER);
  }

  @Test
  void nothingOfADeletedItemIsKeptButItsSku() {
    items.merge(
        List.of(
            new ItemDraft(
                "bulk-gone",
                "secret",
                "secret",
                "secret",
                "secret",
                "http://secret",
                Map.of("secret", "secret"),
                true,
                false)),
        FIRST);
    items.delete(items.lock("bulk-gone").orElseThrow(), LATER);
    assertThat(
            database.first(
                "select i::text as stored from item i where sku = ?",
                row -> row.getString("stored"),
                "bulk-gone"))
        .hasValueSatisfying(stored -> assertThat(stored).doesNotContain("secret"));
  }

  @Test
  void labelsAreWrittenWhereTheyDifferAndEachChangeIsKept() {
    items.merge(List.of(draft("bulk-l1", "One"), draft("bulk-l2", "Two")), FIRST);
    assertThat(label("lamps", FIRST, "bulk-l2", "bulk-l1")).isEqualTo(2);
    assertThat(label("lamps", LATER, "bulk-l1")).isZero();
    assertThat(label("chairs", LATER, "bulk-l1")).isEqualTo(1);
    assertThat(labels.of("bulk-l1"))
        .containsExactly(
            new Label(
                "bulk-l1", CatalogCalls.TAXONOMY, "chairs", LabelSource.IMPORT, "bulk", LATER));
    assertThat(labels.changes("bulk-l1", taxonomy()))
        .extracting(LabelRows.Change::category)
        .containsExactly("chairs", "lamps");
  }

  @Test
  void aLabelWithoutItsItemIsNamedAndNothingIsWritten() {
    items.merge(List.of(draft("bulk-there", "One"), draft("bulk-deleted", "Two")), FIRST);
    items.delete(items.lock("bulk-deleted").orElseThrow(), FIRST);
    List<Integer> missing = new ArrayList<>();
    int written =
        labels.merge(
            taxonomy(),
            List.of(
                new LabelDraft("bulk-absent", "lamps"),
                new LabelDraft("bulk-there", "lamps"),
                new LabelDraft("bulk-deleted", "lamps")),
            LabelSource.IMPORT,
            "bulk",
            FIRST,
            missing::add);
    assertThat(written).isZero();
    assertThat(missing).containsExactly(0, 2);
    assertThat(labels.of("bulk-there")).isEmpty();
  }

  @Test
  void labelledItemsAreStreamedInAFixedOrder() {
    long before = labelled.count(taxonomy());
    List<ItemDraft> drafts = new ArrayList<>();
    List<String> skus = new ArrayList<>();
    for (int i = 0; i < 1201; i++) {
      skus.add("stream-" + (9999 - i));
      drafts.add(
          new ItemDraft(skus.get(i), "T" + i, "B", "D", "S", "http://x/", Map.of(), true, false));
    }
    drafts.add(draft("stream-unlabelled", "T"));
    items.merge(drafts, FIRST);
    label("lamps", FIRST, skus.toArray(new String[0]));
    assertThat(labelled.count(taxonomy())).isEqualTo(before + 1201);

    List<LabelledItem> first = new ArrayList<>();
    List<Long> open = new ArrayList<>();
    labelled.forEach(
        taxonomy(),
        item -> {
          first.add(item);
          if (first.size() == 1) {
            open.add(
                database
                    .first(
                        "select count(*) from pg_cursors where name <> ''", row -> row.getLong(1))
                    .orElseThrow());
          }
        });
    assertThat(open).as("rows are fetched while they are consumed").containsExactly(1L);
    assertThat(first).hasSize((int) before + 1201);
    assertThat(first)
        .contains(new LabelledItem("stream-9999", "T0", "B", "D", "S", "http://x/", "lamps"))
        .extracting(LabelledItem::sku)
        .doesNotContain("stream-unlabelled");
    List<LabelledItem> second = new ArrayList<>();
    labelled.forEach(taxonomy(), second::add);
    assertThat(second).isEqualTo(first);
  }
}
