package dev.baton.supervisor.config.toml;

/** The catalogue as a part of a Markdown page. */
final class ReferencePage {
  static final String BEGIN = "<!-- The keys: written by PublishedTest, not by hand. -->\n";
  static final String END = "<!-- The end of the keys. -->\n";

  private ReferencePage() {}

  /** The page with its keys as the catalogue has them. */
  static String updated(String page) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("the page needs these lines:\n" + BEGIN + END);
    }
    StringBuilder keys = new StringBuilder();
    append(FileKeys.SECTION, "", keys);
    return page.substring(0, begin + BEGIN.length()) + keys + "\n" + page.substring(end);
  }

  private static void append(Section section, String parent, StringBuilder page) {
    String path =
        switch (section.shape()) {
          case ONE, LIST -> parent.isEmpty() ? section.name() : parent + "." + section.name();
          case NAMED -> (parent.isEmpty() ? "" : parent + ".") + section.name() + ".NAME";
        };
    page.append("\n### ").append(title(section, path)).append("\n\n");
    page.append(section.doc()).append("\n\n");
    page.append("| key | type | unit | default | |\n| --- | --- | --- | --- | --- |\n");
    section.keys().forEach(key -> append(key, page));
    section.parts().forEach(part -> append(part, path, page));
  }

  private static String title(Section section, String path) {
    if (path.isEmpty()) {
      return "At the top";
    }
    return section.shape() == Section.Shape.LIST ? "`[[" + path + "]]`" : "`[" + path + "]`";
  }

  private static void append(Key<?> key, StringBuilder page) {
    String fallback = key.fallback().isEmpty() ? key.otherwise() : code(key.fallback());
    page.append("| ").append(code(key.name()));
    page.append(" | ").append(cell(key.form().type()));
    page.append(" | ").append(cell(key.form().unit()));
    page.append(" | ").append(cell(fallback));
    page.append(" | ").append(cell(key.doc() + "<br>" + code(key.name() + " = " + key.example())));
    page.append(" |\n");
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  /** A bar would end it, in code too. */
  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
