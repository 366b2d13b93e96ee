package io.kailash.catalog;

import io.kailash.platform.Settings;
import io.kailash.platform.TextRules;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an item may hold. */
@Singleton
class ItemRules {
  static final int MAX_SKU_CHARS = 128;

  private final CatalogSettings limits;

  @Inject
  ItemRules(Settings settings) {
    this(CatalogSettings.read(settings));
  }

  ItemRules(CatalogSettings limits) {
    this.limits = limits;
  }

  /**
   * The draft with its defaults filled in.
   *
   * @throws io.kailash.platform.ProblemException 422 naming every offending field
   */
  ItemDraft checked(ItemDraft draft) {
    TextRules rules = new TextRules();
    check(rules, "", draft);
    rules.check();
    return withDefaults(draft);
  }

  /** Like {@link #checked(ItemDraft)} for many; pointers start with the index. */
  List<ItemDraft> checked(List<ItemDraft> drafts) {
    TextRules rules = new TextRules();
    for (int i = 0; i < drafts.size(); i++) {
      check(rules, "/" + i, drafts.get(i));
    }
    rules.check();
    return drafts.stream().map(ItemRules::withDefaults).toList();
  }

  private static ItemDraft withDefaults(ItemDraft draft) {
    return new ItemDraft(
        draft.sku(),
        draft.title(),
        draft.brand(),
        draft.description(),
        draft.supplierCategory(),
        draft.url(),
        draft.attributes() == null ? Map.of() : draft.attributes(),
        draft.inStock() == null || draft.inStock(),
        draft.hidden() != null && draft.hidden());
  }

  private void check(TextRules rules, String at, ItemDraft draft) {
    checkSku(rules, at + "/sku", draft.sku());
    rules
        .required(at + "/title", draft.title(), limits.maxTitleChars())
        .optional(at + "/brand", draft.brand(), limits.maxBrandChars())
        .optional(at + "/description", draft.description(), limits.maxDescriptionChars())
        .optional(
            at + "/supplier_category", draft.supplierCategory(), limits.maxSupplierCategoryChars())
        .optional(at + "/url", draft.url(), limits.maxUrlChars());
    if (draft.url() != null && !isWebAddress(draft.url())) {
      rules.violation(at + "/url", "does not start with http:// or https://");
    }
    if (draft.attributes() != null) {
      checkAttributes(rules, at + "/attributes", draft.attributes());
    }
  }

  /** A sku stands in addresses and headers: what would be lost or change its meaning there, not. */
  private static void checkSku(TextRules rules, String at, String sku) {
    rules.required(at, sku, MAX_SKU_CHARS);
    if (sku == null || sku.isBlank()) {
      return;
    }
    // Servers and proxies on the way refuse these two in any form, or resolve them as a path.
    if (sku.chars().allMatch(c -> c == '.')) {
      rules.violation(at, "consists of dots only");
    }
    if (sku.indexOf('\\') >= 0) {
      rules.violation(at, "has a backslash");
    }
    if (!sku.equals(sku.strip())) {
      rules.violation(at, "starts or ends with a space");
    }
    for (int i = 0; i < sku.length(); i++) {
      // U+0000 is refused already, as in every text.
      if (sku.charAt(i) != 0 && Character.isISOControl(sku.charAt(i))) {
        rules.violation(at, "has a control character at position " + i);
        return;
      }
    }
  }

  /** Nothing else may become a link on a page. */
  private static boolean isWebAddress(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    return lower.startsWith("http://") || lower.startsWith("https://");
  }

  private void checkAttributes(TextRules rules, String at, Map<String, Object> attributes) {
    if (attributes.size() > limits.maxAttributes()) {
      rules.violation(
          at, "has " + attributes.size() + " entries; " + limits.maxAttributes() + " are allowed");
      return;
    }
    attributes.forEach(
        (name, value) -> {
          // A name that cannot be stored cannot be shown in a pointer either.
          String there = isStorable(name) ? at + "/" + escaped(name) : at;
          rules.required(there, name, limits.maxAttributeNameChars());
          if (value instanceof String text) {
            rules.optional(there, text, limits.maxAttributeValueChars());
          } else if (value instanceof Double number && !Double.isFinite(number)) {
            rules.violation(there, "is out of the range of numbers");
          } else if (!(value instanceof Number) && !(value instanceof Boolean)) {
            rules.violation(there, "is not a text, a number, true or false");
          }
        });
  }

  private static boolean isStorable(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < name.length()
          && Character.isLowSurrogate(name.charAt(i + 1))) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
