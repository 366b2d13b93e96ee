package io.kailash.taxonomy;

import jakarta.enterprise.inject.Vetoed;
import java.io.Reader;
import java.util.Iterator;

/** Categories in PostgreSQL's text form of COPY, made row by row while it is read. */
@Vetoed
final class CategoryCopy extends Reader {
  private final long taxonomyId;
  private final int version;
  private final Iterator<Category> categories;
  private final StringBuilder row = new StringBuilder();
  private int given;
  private int position;

  CategoryCopy(long taxonomyId, int version, Categories categories) {
    this.taxonomyId = taxonomyId;
    this.version = version;
    this.categories = categories.all().iterator();
  }

  @Override
  public int read(char[] target, int offset, int length) {
    int filled = 0;
    while (filled < length) {
      if (given == row.length()) {
        if (!categories.hasNext()) {
          break;
        }
        write(categories.next());
      }
      int taken = Math.min(length - filled, row.length() - given);
      row.getChars(given, given + taken, target, offset + filled);
      given += taken;
      filled += taken;
    }
    return filled == 0 ? -1 : filled;
  }

  private void write(Category category) {
    row.setLength(0);
    given = 0;
    row.append(taxonomyId).append('\t').append(version).append('\t').append(position++);
    row.append('\t');
    escape(category.code());
    row.append('\t');
    escape(category.name());
    row.append('\t');
    if (category.parent() == null) {
      row.append("\\N");
    } else {
      escape(category.parentCode());
    }
    row.append("\t{");
    String separator = "";
    for (String name : category.path()) {
      row.append(separator).append('"');
      // An element of an array literal first, a field of COPY around that.
      escape(name.replace("\\", "\\\\").replace("\"", "\\\""));
      row.append('"');
      separator = ",";
    }
    row.append("}\t").append(category.level()).append('\t').append(category.leaf() ? 't' : 'f');
    row.append('\n');
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> row.append("\\\\");
        case '\t' -> row.append("\\t");
        case '\n' -> row.append("\\n");
        case '\r' -> row.append("\\r");
        default -> row.append(c);
      }
    }
  }

  @Override
  public void close() {}
}
