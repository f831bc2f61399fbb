package dev.sluice.chunk;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Markdown of real words in made-up order: the tokenizer's own, the commoner the likelier as in any
 * language, some of them joined to rarer ones. Headings, paragraphs, lists, tables, code, pages.
 */
final class SampleText {
  /** Tokens are numbered by how often they were met, the commonest first. */
  private static final int TOKENS = 60_000;

  private static final Pattern WORD = Pattern.compile(" \\p{Ll}{2,14}");
  private static final List<String> WORDS = words();

  private final Random random;
  private final StringBuilder text = new StringBuilder();

  private SampleText(long seed) {
    random = new Random(seed);
  }

  static String ofChars(int chars) {
    SampleText sample = new SampleText(42);
    for (int block = 0; sample.text.length() < chars; block++) {
      sample.addBlock(block);
    }
    return sample.text.substring(0, chars);
  }

  private void addBlock(int number) {
    switch (random.nextInt(16)) {
      case 0 -> text.append("<!-- page ").append(number / 8 + 1).append(" -->");
      case 1, 2 -> text.append("#".repeat(1 + random.nextInt(3))).append(sentence(5));
      case 3 -> addLines("-", ".\n");
      case 4 -> addLines("| " + random.nextInt(1_000) + " |", " |\n");
      case 5 -> addCode();
      default -> addParagraph();
    }
    text.append("\n\n");
  }

  private void addLines(String beginning, String ending) {
    if (beginning.startsWith("|")) {
      text.append("| a | b |\n|---|---|\n");
    }
    for (int line = 3 + random.nextInt(12); line > 0; line--) {
      text.append(beginning).append(sentence(9)).append(ending);
    }
  }

  private void addCode() {
    text.append("```\n");
    for (int line = 3 + random.nextInt(12); line > 0; line--) {
      text.append("  ").append(word().strip()).append('(').append(word().strip()).append(");\n");
    }
    text.append("```");
  }

  private void addParagraph() {
    for (int sentence = 2 + random.nextInt(6); sentence > 0; sentence--) {
      text.append(sentence(18)).append(random.nextInt(4) == 0 ? "?" : ".");
    }
  }

  private String sentence(int most) {
    StringBuilder sentence = new StringBuilder();
    for (int words = 3 + random.nextInt(most); words > 0; words--) {
      sentence.append(word()).append(random.nextInt(12) == 0 ? "," : "");
    }
    return random.nextInt(5) == 0 ? sentence + " " + random.nextInt(10_000) : sentence.toString();
  }

  /** By Zipf's law; one in fifteen is a compound that the tokenizer does not know. */
  private String word() {
    String word = common();
    return random.nextInt(15) == 0 ? word + common().strip() : word;
  }

  private String common() {
    return WORDS.get((int) Math.pow(WORDS.size(), random.nextDouble()) - 1);
  }

  private static List<String> words() {
    var cl100k = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
    List<String> words = new ArrayList<>();
    for (int token = 0; token < TOKENS; token++) {
      IntArrayList one = new IntArrayList(1);
      one.add(token);
      String word = cl100k.decode(one);
      if (WORD.matcher(word).matches()) {
        words.add(word);
      }
    }
    return words;
  }
}
