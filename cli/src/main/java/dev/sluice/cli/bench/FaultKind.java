package dev.sluice.cli.bench;

/** What the weather brings. */
public enum FaultKind {
  KILL("processes killed"),
  BREAK("functions' connections broken"),
  REFUSE("servers refused"),
  TERMINATE("all database sessions ended");

  private final String words;

  FaultKind(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
