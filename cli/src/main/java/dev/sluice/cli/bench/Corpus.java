package dev.sluice.cli.bench;

import dev.sluice.cli.bench.SoakDocument.Format;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The documents of a run. Of each ten in a row six have 2–20 KB, three 50–200 KB and one 0.5–1.5
 * MB; six are Markdown and four HTML, whatever their size.
 */
public final class Corpus {
  private static final List<Integer> MARKDOWN_OR_HTML = List.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 1);

  /** How large documents are. */
  public enum Sizes {
    /** As the class says. */
    MIXED(List.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 2)),
    /** All of 2–20 KB. */
    SMALL(List.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    /** All of 0.5–1.5 MB. */
    LARGE(List.of(2, 2, 2, 2, 2, 2, 2, 2, 2, 2));

    private final List<Integer> classes;

    Sizes(List<Integer> classes) {
      this.classes = classes;
    }
  }

  private static final int[] LEAST = {2_000, 50_000, 500_000};
  private static final int[] MOST = {20_000, 200_000, 1_500_000};

  private Corpus() {}

  /**
   * @param layoutSeed of sizes and formats; the same one makes runs comparable
   * @param textSeed of the texts; another one shares no paragraph
   * @param rounds how often the layout is gone through, with new texts each time
   */
  static List<SoakDocument> documents(
      int count, Sizes sizes, long layoutSeed, long textSeed, int rounds) {
    List<SoakDocument> documents = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Random layout = new Random(layoutSeed);
      for (int i = 0; i < count; i += 10) {
        addTen(documents, Math.min(10, count - i), sizes, layout, textSeed);
      }
    }
    return List.copyOf(documents);
  }

  private static void addTen(
      List<SoakDocument> to, int atMost, Sizes sizes, Random layout, long textSeed) {
    List<Integer> classes = shuffled(sizes.classes, layout);
    List<Integer> formats = shuffled(MARKDOWN_OR_HTML, layout);
    for (int i = 0; i < atMost; i++) {
      int number = to.size() + 1;
      int size = classes.get(i);
      Format format = Format.values()[formats.get(i)];
      to.add(
          new SoakDocument(
              "paper-%04d.%s".formatted(number, format.extension()),
              format,
              layout.nextInt(LEAST[size], MOST[size]),
              // Far from the next number's: neighbouring seeds of Random begin alike.
              (textSeed * 1_000_003 + number) * 0x9E3779B97F4A7C15L));
    }
  }

  private static List<Integer> shuffled(List<Integer> values, Random random) {
    List<Integer> copy = new ArrayList<>(values);
    Collections.shuffle(copy, random);
    return copy;
  }
}
