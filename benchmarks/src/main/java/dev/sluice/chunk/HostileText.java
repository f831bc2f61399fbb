package dev.sluice.chunk;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a chunker may choke on. */
public enum HostileText {
  /** 10 MB without a line end, a mark of punctuation or a heading. */
  LINE {
    @Override
    String text() {
      return SampleText.ofChars(12_500_000)
          .replaceAll("[^a-z]+", " ")
          .transform(text -> text.substring(0, Math.min(text.length(), 10_000_000)));
    }
  },
  /** 200 KB without even a space: jtokkit's time grows faster than the word. */
  WORD {
    @Override
    String text() {
      return new Random(1)
          .ints(200_000, 'a', 'z' + 1)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();
    }
  },
  /** 100,000 blank lines between two words. */
  BLANK_LINES {
    @Override
    String text() {
      return "x" + "\n".repeat(100_000) + "y";
    }
  },
  /** 10,000 levels. */
  NESTED_LISTS {
    @Override
    String text() {
      return IntStream.range(0, 10_000)
          .mapToObj(level -> " ".repeat(level % 400) + "- level " + level)
          .collect(Collectors.joining("\n"));
    }
  },
  /** 10,000 levels on each of 100 lines. */
  NESTED_QUOTES {
    @Override
    String text() {
      return (">".repeat(10_000) + " deep\n").repeat(100);
    }
  },
  /** 100,000 openings. */
  UNCLOSED_FENCES {
    @Override
    String text() {
      return IntStream.range(0, 100_000)
          .mapToObj(line -> "```java\nint x = " + line + ";")
          .collect(Collectors.joining("\n"));
    }
  },
  /** 100,000 rows. */
  TABLE {
    @Override
    String text() {
      return IntStream.range(0, 100_000)
          .mapToObj(row -> "| " + row + " | barge " + row * 31 % 1_000 + " | " + row * 7 + " |")
          .collect(Collectors.joining("\n", "| a | b | c |\n|---|---|---|\n", "\n"));
    }
  },
  /** 200,000 headings and nothing under them. */
  HEADINGS {
    @Override
    String text() {
      return "# a\n".repeat(200_000);
    }
  },
  /** Page marks after every two words. */
  PAGE_MARKS {
    @Override
    String text() {
      return "two words\n<!-- page 1 -->\n".repeat(100_000);
    }
  },
  /** Nothing that can be seen. */
  ZERO_WIDTH {
    @Override
    String text() {
      return "\u200B\u200D\uFEFF".repeat(100_000);
    }
  },
  /** Letters under two marks each. */
  COMBINING {
    @Override
    String text() {
      return "e\u0301\u0302".repeat(300_000);
    }
  },
  /** Emoji joined to one. */
  EMOJI {
    @Override
    String text() {
      return "\uD83D\uDE00\u200D".repeat(200_000);
    }
  },
  /** Chinese without a space. */
  CHINESE {
    @Override
    String text() {
      return "\u4FDD\u9669\u6761\u6B3E\u3002".repeat(300_000);
    }
  };

  abstract String text();
}
