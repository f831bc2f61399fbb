package dev.sluice.cli.bench;

import java.util.Locale;

/** The ways of writing vectors, and what the table of each holds its rows to. */
enum VectorWriter {
  SLUICE(
      "Sluice",
      "three indexes, a foreign key, a check of the hash, row-level security; on conflict, update"),
  COPY_CONSTRAINTS(
      "COPY, same constraints", "the same without row-level security; a conflict ends it"),
  COPY_KEY("COPY, primary key alone", "a primary key; a conflict ends it"),
  LANGCHAIN4J("LangChain4j", "a primary key; on conflict, update"),
  SPRING_AI("Spring AI", "a primary key; on conflict, update");

  private final String title;
  private final String enforced;

  VectorWriter(String title, String enforced) {
    this.title = title;
    this.enforced = enforced;
  }

  /** As the run's results and figures name it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String title() {
    return title;
  }

  String enforced() {
    return enforced;
  }
}
