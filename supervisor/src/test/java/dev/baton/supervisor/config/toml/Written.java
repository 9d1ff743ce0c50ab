package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/** A key of the catalogue, and the text around it that makes a file of it. */
record Written(ImmutableList<Section> path, Key<?> key) {
  /** What other keys a key needs, by the path of its table and its name; or the table's alone. */
  private static final ImmutableMap<String, String> NEEDED =
      ImmutableMap.<String, String>builder()
          .put("service", "command = \"java\"")
          .put("service.listener", "address = \"*:1\"")
          .put("service.listener.mode", "address = \"unix:/x\"")
          .put("service.listener.owner", "address = \"unix:/x\"")
          .put("service.ready.gate", "type = \"http\"\npath = \"/\"")
          .put("service.ready.warm-up", "paths = [\"/\"]")
          .put("service.ready.warm-up.body", "paths = [\"/\"]\nmethod = \"PUT\"")
          .put("service.ready.gate.pattern", "type = \"log\"")
          .put("service.ready.gate.command", "type = \"exec\"")
          .buildOrThrow();

  /** All there are. */
  static ImmutableList<Written> all() {
    ImmutableList.Builder<Written> all = ImmutableList.builder();
    addAll(ImmutableList.of(FileKeys.SECTION), all);
    return all.build();
  }

  private static void addAll(ImmutableList<Section> path, ImmutableList.Builder<Written> all) {
    Section last = path.get(path.size() - 1);
    last.keys().forEach(key -> all.add(new Written(path, key)));
    for (Section part : last.parts()) {
      addAll(ImmutableList.<Section>builder().addAll(path).add(part).build(), all);
    }
  }

  /** A file in which the key has this value; without the key if it is empty. */
  String file(String value) {
    StringBuilder file = new StringBuilder();
    String others = "[service.db]\ncommand = \"java\"\n[service.web]\ncommand = \"java\"\n";
    if (!isOf("service")) {
      file.append(isOf("") ? "" : others);
    }
    file.append(header());
    for (String line : needed().split("\n", -1)) {
      file.append(line.startsWith(key.name() + " =") ? "" : line + "\n");
    }
    file.append(value.isEmpty() ? "" : key.name() + " = " + value + "\n");
    return file.append(isOf("") ? others : isOf("service") ? "[service.db]\ncommand = \"x\"\n" : "")
        .toString();
  }

  private boolean isOf(String table) {
    return table().equals(table);
  }

  private String needed() {
    String own = NEEDED.getOrDefault(toString(), "");
    return own.isEmpty() ? NEEDED.getOrDefault(table(), "") : own;
  }

  private String header() {
    Section last = path.get(path.size() - 1);
    StringBuilder name = new StringBuilder();
    for (Section section : path.subList(1, path.size())) {
      name.append(name.isEmpty() ? "" : ".").append(section.name());
      name.append(section.shape() == Section.Shape.NAMED ? ".web" : "");
    }
    if (name.isEmpty()) {
      return "";
    }
    return last.shape() == Section.Shape.LIST ? "[[" + name + "]]\n" : "[" + name + "]\n";
  }

  private String table() {
    StringBuilder name = new StringBuilder();
    path.stream()
        .skip(1)
        .forEach(section -> name.append(name.isEmpty() ? "" : ".").append(section.name()));
    return name.toString();
  }

  @Override
  public String toString() {
    return (table().isEmpty() ? "" : table() + ".") + key.name();
  }
}
