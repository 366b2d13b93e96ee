package io.kailash.catalog;

import io.kailash.platform.Settings;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import io.kailash.taxonomy.TaxonomyFormat;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * The sample that fills an empty service once, so that there is something to classify into. It is
 * loaded where {@code kailash.starter} is true (the default) and there is neither a taxonomy nor an
 * item, nor ever was an item.
 *
 * <p>The taxonomy comes first and by itself, the items and labels after it in one transaction. So a
 * crash leaves at most the sample's taxonomy without any item, and the next start goes on from
 * there. An advisory lock lets only one of several instances do it; the others wait and find it
 * done.
 */
@Singleton
public class StarterCatalog {
  /** Code of the sample's taxonomy. */
  public static final String TAXONOMY = "starter";

  private static final Logger LOG = Logger.getLogger(StarterCatalog.class.getName());
  private static final String ACTOR = "starter";
  private static final int CHUNK = 1000;

  private final boolean wanted;
  private final Taxonomies taxonomies;
  private final ItemEditor editor;
  private final CatalogDatabase database;

  @Inject
  StarterCatalog(
      Settings settings, Taxonomies taxonomies, ItemEditor editor, CatalogDatabase database) {
    wanted = CatalogSettings.read(settings).starter();
    this.taxonomies = taxonomies;
    this.editor = editor;
    this.database = database;
  }

  /** Whether an empty service begins with the sample. */
  boolean wanted() {
    return wanted;
  }

  /** Loads the sample completely, or nothing where it has been loaded or is not needed. */
  @Transactional
  public void load() {
    database.all(
        "select pg_advisory_xact_lock(hashtext('kailash.starter'))", row -> row.getString(1));
    if (!isEmpty()) {
      return;
    }
    try (InputStream taxonomy = file("taxonomy.csv");
        Reader items = new InputStreamReader(file("items.csv"), StandardCharsets.UTF_8)) {
      taxonomies.importVersion(
          ACTOR, TAXONOMY, "Sample catalog", true, TaxonomyFormat.CSV, taxonomy);
      int count = load(items);
      LOG.log(
          Level.INFO,
          "the service was empty: taxonomy ''{0}'' and {1} labelled items were loaded as a sample"
              + " (kailash.starter=false starts empty)",
          new Object[] {TAXONOMY, Integer.toString(count)});
    } catch (IOException broken) {
      throw new UncheckedIOException("the sample in this build cannot be read", broken);
    }
  }

  private boolean isEmpty() {
    boolean nothing =
        database
            .all(
                "select not exists (select 1 from item)"
                    + " and not exists (select 1 from taxonomy where code <> ?)",
                row -> row.getBoolean(1),
                TAXONOMY)
            .get(0);
    return nothing && taxonomies.find(TAXONOMY).map(Taxonomy::sample).orElse(true);
  }

  private int load(Reader file) throws IOException {
    int count = 0;
    List<ItemDraft> drafts = new ArrayList<>(CHUNK);
    List<LabelDraft> labels = new ArrayList<>(CHUNK);
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (var rows = format.parse(file)) {
      for (CSVRecord row : rows) {
        drafts.add(
            ItemDraft.of(
                row.get("sku"), row.get("title"), text(row, "brand"), text(row, "description")));
        labels.add(new LabelDraft(row.get("sku"), row.get("category")));
        count++;
        if (drafts.size() == CHUNK) {
          write(drafts, labels);
        }
      }
    }
    write(drafts, labels);
    return count;
  }

  private void write(List<ItemDraft> drafts, List<LabelDraft> labels) {
    editor.upsertAll(ACTOR, drafts);
    editor.setLabels(ACTOR, TAXONOMY, LabelSource.SAMPLE, labels);
    drafts.clear();
    labels.clear();
  }

  private static String text(CSVRecord row, String column) {
    String text = row.get(column);
    return text.isEmpty() ? null : text;
  }

  private static InputStream file(String name) throws IOException {
    InputStream file = StarterCatalog.class.getResourceAsStream("/starter/" + name);
    if (file == null) {
      throw new IOException("there is no starter/" + name);
    }
    return file;
  }
}
