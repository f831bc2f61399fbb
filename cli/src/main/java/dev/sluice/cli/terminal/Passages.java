package dev.sluice.cli.terminal;

import dev.sluice.cli.api.Answer;
import dev.sluice.cli.api.Answer.Passage;
import java.util.List;
import java.util.Locale;

/** Search results: where each passage stands, and how it begins. */
public final class Passages {
  private static final int LINES = 4;
  private static final String INDENT = "     ";

  private final Screen screen;

  public Passages(Screen screen) {
    this.screen = screen;
  }

  public void print(Answer answer) {
    if (answer.results().isEmpty()) {
      screen.out().println("  Nothing found.");
    }
    int place = 0;
    for (Passage passage : answer.results()) {
      place++;
      print(place, passage);
    }
  }

  private void print(int place, Passage passage) {
    String score = String.format(Locale.ROOT, "%.3f", passage.score());
    screen
        .out()
        .println("%3d. ".formatted(place) + screen.bold(where(passage)) + "  " + screen.dim(score));
    for (String line : Columns.wrap(passage.text(), screen.width() - INDENT.length(), LINES)) {
      screen.out().println(INDENT + line);
    }
  }

  private static String where(Passage passage) {
    String name = passage.filename() == null ? passage.documentId() : passage.filename();
    String page = passage.page() == null ? "" : ", page " + passage.page();
    List<String> path = passage.headingPath();
    String headings = path == null || path.isEmpty() ? "" : " (" + String.join(" › ", path) + ")";
    return name + page + headings;
  }
}
