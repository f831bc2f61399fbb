package dev.sluice.chunk;

import java.util.Random;

/** Random Markdown for property tests: plausible documents, and pieces that meet badly. */
final class MarkdownTexts {
  private static final String[] WORDS = {
    "insurance", "the", "cover", "Wasser", "\u00FCberall", "\u4FDD\u9669\u6761\u6B3E",
    "\u0627\u0644\u062A\u0623\u0645\u064A\u0646", "\uD83D\uDE00", "3.14", "e.g.", "x", "co-pay",
    "\u0E1B\u0E23\u0E30\u0E01\u0E31\u0E19", "don't", "A.", "e\u0301",
  };

  private static final String[] HOSTILE = {
    "\n",
    "\n\n",
    "\n\n\n",
    " ",
    "   ",
    "\t",
    "\u00A0",
    "\u200B",
    "#",
    "# ",
    "## b\n",
    "\n### c\n",
    "---\n",
    "===\n",
    "```",
    "\n```\n",
    "~~~\n",
    "|",
    "| a | b |\n|---|---|\n",
    "| c | d |\n",
    "- ",
    "\n- item\n",
    "  1. two\n",
    "> ",
    "<!-- page 2 -->",
    "\n<!-- page 3 -->\n",
    "\uD83D\uDE00",
    "\u0301",
    "\u200D",
    "word",
    ". ",
    "! ",
    "\u3002",
    ", ",
    "a".repeat(300),
    " ".repeat(300),
    "\u4FDD".repeat(90),
    "<|endoftext|>",
    "\r\n",
    "=".repeat(200),
    "Title\n===\n",
  };

  private final Random random;

  MarkdownTexts(long seed) {
    random = new Random(seed);
  }

  String document(int blocks) {
    StringBuilder text = new StringBuilder();
    for (int block = 0; block < blocks; block++) {
      switch (random.nextInt(9)) {
        case 0 -> text.append("#".repeat(1 + random.nextInt(4))).append(' ').append(words(4));
        case 1 -> text.append("<!-- page ").append(block + 1).append(" -->");
        case 2 -> list(text);
        case 3 -> table(text);
        case 4 -> text.append("```\n").append(words(20)).append("\n\n# no\n```");
        default -> sentences(text);
      }
      text.append("\n\n");
    }
    return text.toString();
  }

  String hostile(int pieces) {
    StringBuilder text = new StringBuilder();
    for (int piece = 0; piece < pieces; piece++) {
      String next = HOSTILE[random.nextInt(HOSTILE.length)];
      text.append(next.repeat(random.nextInt(12) == 0 ? 12 : 1));
    }
    return text.toString();
  }

  private void list(StringBuilder text) {
    int items = 1 + random.nextInt(12);
    for (int item = 0; item < items; item++) {
      text.append("  ".repeat(random.nextInt(3))).append("- ").append(words(15)).append('\n');
    }
  }

  private void table(StringBuilder text) {
    text.append("| a | b |\n|---|---|\n");
    int rows = 1 + random.nextInt(20);
    for (int row = 0; row < rows; row++) {
      text.append("| ").append(words(5)).append(" | ").append(words(5)).append(" |\n");
    }
  }

  private void sentences(StringBuilder text) {
    int sentences = 1 + random.nextInt(8);
    for (int sentence = 0; sentence < sentences; sentence++) {
      text.append(words(20)).append(random.nextInt(6) == 0 ? ".\n" : ". ");
    }
  }

  private String words(int most) {
    StringBuilder text = new StringBuilder();
    int words = 1 + random.nextInt(most);
    for (int word = 0; word < words; word++) {
      text.append(word == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }
}
