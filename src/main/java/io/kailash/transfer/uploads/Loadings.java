package io.kailash.transfer.uploads;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.kailash.catalog.BulkItems;
import io.kailash.catalog.BulkItems.LabelsMerged;
import io.kailash.catalog.BulkResult;
import io.kailash.catalog.ItemDraft;
import io.kailash.catalog.LabelDraft;
import io.kailash.catalog.LabelSource;
import io.kailash.platform.Json;
import io.kailash.platform.ProblemException;
import io.kailash.recommendation.BulkInteractions;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import io.kailash.transfer.uploads.Row.Wrong;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The loading of each kind of file, by the doors of the rooms that keep the rows. */
@Singleton
class Loadings {
  private final BulkItems items;
  private final BulkInteractions interactions;
  private final Taxonomies taxonomies;

  @Inject
  Loadings(BulkItems items, BulkInteractions interactions, Taxonomies taxonomies) {
    this.items = items;
    this.interactions = interactions;
    this.taxonomies = taxonomies;
  }

  /** For an upload of rows. */
  Loading<?> of(Upload upload) {
    return switch (upload.kind()) {
      case ITEMS -> new OfItems(items);
      case LABELS ->
          new OfLabels(items, taxonomies, upload.options().taxonomy(), upload.createdBy());
      case INTERACTIONS -> new OfInteractions(interactions);
      case TAXONOMY, BATCH ->
          throw new IllegalArgumentException("not loaded by rows: " + upload.kind());
    };
  }

  private record OfItems(BulkItems items) implements Loading<ItemDraft> {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final int ATTRIBUTES = UploadKind.ITEMS.place("attributes");

    @Override
    public ItemDraft checked(Row row) {
      String[] values = row.values();
      return items.checked(
          new ItemDraft(
              values[0],
              values[1],
              values[2],
              values[3],
              values[4],
              values[5],
              attributes(row),
              flag("in_stock", values[7]),
              flag("hidden", values[8])));
    }

    private static Map<String, Object> attributes(Row row) {
      String json = row.values()[ATTRIBUTES];
      if (json == null) {
        return row.attributes();
      }
      try {
        Map<String, Object> all = Json.MAPPER.readValue(json, OBJECT);
        if (all == null) {
          return row.attributes();
        }
        Map<String, Object> both = new LinkedHashMap<>(all);
        both.putAll(row.attributes());
        return both;
      } catch (JsonProcessingException notAnObject) {
        throw ProblemException.invalid("/attributes", "is not a JSON object");
      }
    }

    private static Boolean flag(String field, String text) {
      if (text == null) {
        return null;
      }
      return switch (text.strip().toLowerCase(Locale.ROOT)) {
        case "true", "t", "yes", "y", "1" -> true;
        case "false", "f", "no", "n", "0" -> false;
        default -> throw ProblemException.invalid("/" + field, "is neither true nor false");
      };
    }

    @Override
    public String key(ItemDraft checked) {
      return checked.sku();
    }

    @Override
    public Written write(List<ItemDraft> chunk) {
      BulkResult result = items.mergeItems(chunk);
      return new Written(result.written(), result.unchanged(), Map.of());
    }
  }

  /** A label with its taxonomy. */
  private record LabelRow(String taxonomy, LabelDraft draft) {}

  private record OfLabels(BulkItems items, Taxonomies taxonomies, String taxonomy, String actor)
      implements Loading<LabelRow> {
    @Override
    public LabelRow checked(Row row) {
      String code = row.values()[2] == null ? taxonomy : row.values()[2];
      Taxonomy known;
      try {
        known = taxonomies.require(code);
      } catch (ProblemException unknown) {
        throw ProblemException.invalid("/taxonomy", unknown.problem().detail());
      }
      return new LabelRow(
          known.code(), items.checked(known, new LabelDraft(row.values()[0], row.values()[1])));
    }

    @Override
    public String key(LabelRow checked) {
      return checked.taxonomy() + "\u0000" + checked.draft().sku();
    }

    @Override
    public Written write(List<LabelRow> chunk) {
      Map<String, List<Integer>> byTaxonomy = new LinkedHashMap<>();
      for (int i = 0; i < chunk.size(); i++) {
        byTaxonomy.computeIfAbsent(chunk.get(i).taxonomy(), any -> new ArrayList<>()).add(i);
      }
      int written = 0;
      int unchanged = 0;
      Map<Integer, Wrong> refused = new HashMap<>();
      for (Map.Entry<String, List<Integer>> part : byTaxonomy.entrySet()) {
        List<Integer> places = part.getValue();
        LabelsMerged merged =
            items.mergeLabels(
                actor,
                part.getKey(),
                LabelSource.IMPORT,
                places.stream().map(place -> chunk.get(place).draft()).toList());
        written += merged.written();
        unchanged += merged.unchanged();
        for (int missing : merged.missing()) {
          refused.put(places.get(missing), new Wrong("sku", "is not the sku of an item"));
        }
      }
      return new Written(written, unchanged, refused);
    }
  }

  private record OfInteractions(BulkInteractions interactions)
      implements Loading<BulkInteractions.Ready> {
    @Override
    public BulkInteractions.Ready checked(Row row) {
      String[] values = row.values();
      return interactions.checked(
          values[6], values[0], values[1], values[2], values[3], number(values[4]), values[5]);
    }

    private static Double number(String text) {
      if (text == null) {
        return null;
      }
      try {
        return Double.valueOf(text.strip());
      } catch (NumberFormatException notANumber) {
        throw ProblemException.invalid("/value", "is not a number");
      }
    }

    @Override
    public String key(BulkInteractions.Ready checked) {
      return null;
    }

    @Override
    public Written write(List<BulkInteractions.Ready> chunk) {
      int added = interactions.merge(chunk);
      return new Written(added, chunk.size() - added, Map.of());
    }
  }
}
