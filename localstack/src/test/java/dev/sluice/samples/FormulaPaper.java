package dev.sluice.samples;

import java.util.Random;
import org.apache.pdfbox.pdmodel.font.PDFont;

/** A long paper of prose and formulas. */
final class FormulaPaper {
  private static final float LEFT = 72;
  private static final float WIDTH = PdfPages.WIDTH - 2 * LEFT;
  private static final float SIZE = 10;
  private static final float LEADING = 14;
  private static final String[] WORDS =
      ("the operator acts on a bounded function and its norm is finite so that each sequence of"
              + " measures has a limit in the weak topology while the kernel stays symmetric and"
              + " every eigenvalue is real and simple under a small perturbation of the domain")
          .split(" ");

  private final PdfPages pages = new PdfPages("Formulas");
  private final PDFont font = SampleDocuments.unicodeFont(pages.document());
  private final Random random = new Random(11);
  private float y;

  private FormulaPaper() {}

  static byte[] bytes(int pageCount) {
    FormulaPaper paper = new FormulaPaper();
    try (paper.pages) {
      for (int page = 1; page <= pageCount; page++) {
        paper.page(page);
      }
      return SampleDocuments.saved(paper.pages.document());
    }
  }

  private void page(int number) {
    pages.newPage();
    y = 80;
    pages.text(font, 14, LEFT, y, number + " Estimate " + number + " of the spectrum");
    y += 10;
    for (int block = 0; block < 5; block++) {
      prose();
      formula(number, block + 1);
    }
    pages.text(font, 8, PdfPages.WIDTH / 2, PdfPages.HEIGHT - 40, Integer.toString(number));
  }

  private void prose() {
    StringBuilder text = new StringBuilder("Suppose");
    for (int word = 0; word < 45; word++) {
      text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
    }
    for (String line : PdfPages.wrap(font, SIZE, WIDTH, text + ".")) {
      y += LEADING;
      pages.text(font, SIZE, LEFT, y, line);
    }
  }

  /** A sum with limits, a fraction, an exponent and the equation's number at the right edge. */
  private void formula(int page, int number) {
    y += 30;
    pages.text(font, 16, LEFT + 120, y, "\u2211");
    pages.text(font, 6, LEFT + 122, y + 9, "k=1");
    pages.text(font, 6, LEFT + 124, y - 14, "n");
    pages.text(font, SIZE, LEFT + 140, y, "\u03b1");
    pages.text(font, 6, LEFT + 147, y + 3, "k");
    pages.text(font, SIZE, LEFT + 156, y, "x");
    pages.text(font, 6, LEFT + 163, y - 4, "2");
    pages.text(font, SIZE, LEFT + 174, y, "\u2264 \u222b f(x) dx");
    pages.text(font, SIZE, LEFT + 250, y - 7, "\u03c0 + 1");
    pages.text(font, SIZE, LEFT + 250, y + 7, "\u221a2\u03b2");
    pages.text(font, SIZE, PdfPages.WIDTH - LEFT - 40, y, "(" + page + "." + number + ")");
    y += 24;
  }
}
