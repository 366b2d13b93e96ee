package io.kailash.taxonomy;

import java.util.Locale;

/** The forms of file that can be imported; all are UTF-8, with or without gzip around. */
public enum TaxonomyFormat {
  /** Our own: a header with {@code code,name,parent}, RFC 4180 quoting, parent empty at the top. */
  CSV,
  /** Google's product taxonomy: {@code id - name > name > name}. */
  GOOGLE,
  /** Shopify's product taxonomy: {@code gid://…/code : name > name > name}. */
  SHOPIFY,
  /** GS1 GPC: {@code code <tab> name <tab> definition (GPC segment|family|class|brick)}. */
  GPC,
  /**
   * Objects with {@code code}, {@code name}, {@code parent}: in one array, or one after another.
   */
  JSON;

  /** Lower case, as in addresses and in the database. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
