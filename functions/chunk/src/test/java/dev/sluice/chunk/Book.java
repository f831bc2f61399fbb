package dev.sluice.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A long document as blocks (headings, paragraphs, lists, tables, page marks), and edits of it. */
final class Book {
  private static final String[] WORDS =
      """
      upper lower northern wooden narrow flooded temporary licensed inland seasonal damaged restored
      municipal private shallow historic insured loaded lock barge basin towpath gate reservoir
      harbour ferry bridge warden charter culvert embankment weir mooring tunnel pilot cargo permit
      """
          .strip()
          .split("\\s+");

  private static final String MARK = "<!-- page ";

  /** A change that a person makes. */
  enum Edit {
    INSERT_WORD,
    DELETE_WORD,
    CHANGE_WORD,
    INSERT_PARAGRAPH,
    DELETE_PARAGRAPH,
    CHANGE_PARAGRAPH,
    INSERT_PAGE,
    DELETE_PAGE,
    CHANGE_PAGE,
    INSERT_HEADING,
    DELETE_HEADING,
    CHANGE_HEADING
  }

  private final Random random;
  private final boolean headings;
  private final List<String> blocks = new ArrayList<>();

  Book(long seed, int pages, boolean headings) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.headings = headings;
    for (int page = 1; page <= pages; page++) {
      addPage(page);
    }
  }

  String text() {
    return join(blocks);
  }

  String edited(Edit edit) {
    List<String> copy = new ArrayList<>(blocks);
    switch (edit) {
      case INSERT_WORD, DELETE_WORD, CHANGE_WORD -> editWord(copy, edit);
      case INSERT_PARAGRAPH -> copy.add(random.nextInt(copy.size()), sentences());
      case DELETE_PARAGRAPH -> copy.remove(paragraph());
      case CHANGE_PARAGRAPH -> copy.set(paragraph(), sentences());
      case INSERT_PAGE -> copy.addAll(random.nextInt(copy.size()), page());
      case DELETE_PAGE -> deletePage(copy, any(MARK));
      case CHANGE_PAGE -> changePage(copy);
      case INSERT_HEADING -> copy.add(random.nextInt(copy.size()), "### " + words(5));
      case DELETE_HEADING -> copy.remove(any("## "));
      case CHANGE_HEADING -> copy.set(any("## "), "## " + words(5));
    }
    return join(copy);
  }

  private void addPage(int number) {
    blocks.add(MARK + number + " -->");
    if (headings && number % 8 == 1) {
      blocks.add("# " + words(4));
    }
    blocks.addAll(page());
  }

  /** Some 500 words. */
  private List<String> page() {
    List<String> page = new ArrayList<>();
    int size = 5 + random.nextInt(4);
    for (int block = 0; block < size; block++) {
      page.add(
          switch (random.nextInt(20)) {
            case 0 -> lines("| " + words(1) + " | ", 4 + random.nextInt(20), " |");
            case 1 -> lines("- " + words(2) + " ", 3 + random.nextInt(8), "");
            case 2, 3 -> headings ? "## " + words(5) : sentences();
            case 4 -> headings ? "### " + words(5) : sentences();
            default -> sentences();
          });
    }
    return page;
  }

  private String lines(String before, int count, String after) {
    List<String> lines = new ArrayList<>();
    for (int line = 0; line < count; line++) {
      lines.add(before + words(3) + after);
    }
    return String.join("\n", lines);
  }

  private String sentences() {
    List<String> sentences = new ArrayList<>();
    int count = 2 + random.nextInt(6);
    for (int sentence = 0; sentence < count; sentence++) {
      sentences.add("The " + words(6 + random.nextInt(14)) + ".");
    }
    return String.join(" ", sentences);
  }

  private String words(int count) {
    List<String> words = new ArrayList<>();
    for (int word = 0; word < count; word++) {
      words.add(WORDS[random.nextInt(WORDS.length)]);
    }
    return String.join(" ", words);
  }

  private void editWord(List<String> copy, Edit edit) {
    int paragraph = paragraph();
    List<String> words = new ArrayList<>(List.of(copy.get(paragraph).split(" ")));
    int at = random.nextInt(words.size());
    if (edit != Edit.INSERT_WORD) {
      words.remove(at);
    }
    if (edit != Edit.DELETE_WORD) {
      words.add(at, "another");
    }
    copy.set(paragraph, String.join(" ", words));
  }

  private static void deletePage(List<String> copy, int mark) {
    do {
      copy.remove(mark);
    } while (mark < copy.size() && !copy.get(mark).startsWith(MARK));
  }

  private void changePage(List<String> copy) {
    int mark = any(MARK);
    String kept = copy.get(mark);
    deletePage(copy, mark);
    copy.addAll(mark, page());
    copy.add(mark, kept);
  }

  private int paragraph() {
    return any("The ");
  }

  private int any(String beginning) {
    int at = random.nextInt(blocks.size());
    while (!blocks.get(at).startsWith(beginning)) {
      at = random.nextInt(blocks.size());
    }
    return at;
  }

  private static String join(List<String> blocks) {
    return String.join("\n\n", blocks) + "\n";
  }
}
