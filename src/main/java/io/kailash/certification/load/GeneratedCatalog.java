package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * A made-up catalog of any size: every item is the sample of some labelled titles with a maker, a
 * colour, a size and a model of its own. Item {@code i} is the same whoever asks and whenever; no
 * two items have the same title.
 */
final class GeneratedCatalog {

  /** What can be classified; only the first of these are also put into the deployment. */
  static final int TITLES = 1_000_000;

  private static final String PREFIX = "load-";
  private static final int HIDDEN_EVERY = 50;
  private static final String[] COLOURS = {
    "black", "white", "grey", "navy", "forest green", "terracotta", "sand", "burgundy", "teal",
    "mustard", "charcoal", "ivory", "coral", "olive", "sky blue", "copper", "lilac", "graphite"
  };
  private static final String[] SIZES = {
    "small", "medium", "large", "compact", "extra large", "slim", "family size", "travel size",
    "2-pack", "3-pack", "set of 4", "single", "mini", "wide", "tall", "refill"
  };
  private static final String[] SYLLABLES = {
    "bra", "ven", "tor", "li", "mo", "ka", "sel", "dun", "ar", "win", "ho", "pel", "gri", "sta",
    "zen", "cor", "fi", "lun", "ra", "ned"
  };

  private final List<Sample> samples;
  private final long seed;

  /**
   * An item.
   *
   * @param category where the sample it was made of belongs
   */
  record Item(
      String sku,
      String title,
      String brand,
      String description,
      String category,
      boolean hidden) {}

  private record Sample(String title, String description, String category) {}

  private GeneratedCatalog(List<Sample> samples, long seed) {
    this.samples = samples;
    this.seed = seed;
  }

  /** The catalog of a file with the columns title, description and category. */
  static GeneratedCatalog of(Path file, long seed) throws IOException {
    List<Sample> samples = new ArrayList<>();
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
      for (CSVRecord row : format.parse(reader)) {
        samples.add(new Sample(row.get("title"), row.get("description"), row.get("category")));
      }
    }
    if (samples.isEmpty()) {
      throw new IOException(file + " holds no titles");
    }
    return new GeneratedCatalog(List.copyOf(samples), seed);
  }

  Item item(int number) {
    // Mixed, so that neighbours in popularity are no neighbours in the taxonomy.
    SplittableRandom random = new SplittableRandom(seed * 1_000_003L + number);
    Sample sample = samples.get(random.nextInt(samples.size()));
    StringBuilder brand = new StringBuilder();
    for (int i = 2 + random.nextInt(2); i > 0; i--) {
      brand.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
    }
    brand.setCharAt(0, Character.toUpperCase(brand.charAt(0)));
    String title =
        sample.title()
            + ", "
            + COLOURS[random.nextInt(COLOURS.length)]
            + " "
            + SIZES[random.nextInt(SIZES.length)]
            + " "
            + (char) ('A' + random.nextInt(26))
            + (char) ('A' + random.nextInt(26))
            + String.format(Locale.ROOT, "%06d", number);
    return new Item(
        sku(number),
        title,
        brand.toString(),
        sample.description(),
        sample.category(),
        isHidden(number));
  }

  static String sku(int number) {
    return PREFIX + String.format(Locale.ROOT, "%07d", number);
  }

  static boolean isHidden(int number) {
    return number % HIDDEN_EVERY == HIDDEN_EVERY - 1;
  }

  /** The number of one of these skus; empty for any other. */
  static OptionalInt number(String sku) {
    if (!sku.startsWith(PREFIX) || sku.length() != PREFIX.length() + 7) {
      return OptionalInt.empty();
    }
    int number = 0;
    for (int i = PREFIX.length(); i < sku.length(); i++) {
      int digit = sku.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return OptionalInt.empty();
      }
      number = number * 10 + digit;
    }
    return OptionalInt.of(number);
  }

  static String user(int number) {
    return PREFIX + "user-" + number;
  }
}
