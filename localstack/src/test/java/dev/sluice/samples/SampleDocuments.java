package dev.sluice.samples;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.pdmodel.graphics.color.PDDeviceRGB;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.jspecify.annotations.Nullable;

/** Documents made when they are needed. */
public final class SampleDocuments {
  private static final String FONT = "/net/sf/jasperreports/fonts/dejavu/DejaVuSans.ttf";
  private static final float LEFT = 60;
  private static final float LEADING = 14;
  private static final int SENTENCES_A_PAGE = 50;

  private SampleDocuments() {}

  /** The policy that the repository ships: headings, clauses, lists, tables, definitions. */
  public static byte[] insurancePolicy() {
    return InsurancePolicy.bytes();
  }

  /** No bytes at all. */
  public static byte[] empty() {
    return new byte[0];
  }

  /** Cannot be opened without a password. */
  public static byte[] passwordProtected() {
    try (PDDocument document = Loader.loadPDF(twoColumns())) {
      StandardProtectionPolicy policy =
          new StandardProtectionPolicy("owner", "reader", new AccessPermission());
      policy.setEncryptionKeyLength(128);
      document.protect(policy);
      return saved(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first 60 per cent of a PDF, as a broken download leaves it. */
  public static byte[] truncated() {
    byte[] whole = insurancePolicy();
    return Arrays.copyOf(whole, whole.length * 6 / 10);
  }

  /** Scanned pages: an image each and no text. */
  public static byte[] imageOnly() {
    try (PdfPages pages = new PdfPages("Scan")) {
      for (int page = 0; page < 3; page++) {
        pages.newPage();
        noise(pages, 200, 280, page);
      }
      return pages.bytes();
    }
  }

  /** Prose with displayed and inline formulas, fractions, indices and numbered equations. */
  public static byte[] formulas(int pageCount) {
    return FormulaPaper.bytes(pageCount);
  }

  /**
   * Two columns under a title that spans them. The left column tells about rivers, the right one
   * about kilns; each has its sentences numbered in reading order.
   */
  public static byte[] twoColumns() {
    PDFont body = new PDType1Font(FontName.TIMES_ROMAN);
    PDFont bold = new PDType1Font(FontName.TIMES_BOLD);
    try (PdfPages pages = new PdfPages("Two columns")) {
      pages.newPage();
      pages.text(bold, 20, LEFT, 80, "Of Rivers and Kilns: a Page in Two Columns");
      column(pages, body, LEFT, sentences("River", "runs to the sea past willows and mills"));
      column(pages, body, 312, sentences("Kiln", "burns through the night on alder and oak"));
      return pages.bytes();
    }
  }

  private static String sentences(String subject, String predicate) {
    StringBuilder text = new StringBuilder();
    for (int number = 1; number <= 40; number++) {
      text.append(subject).append(' ').append(number).append(' ').append(predicate).append(". ");
    }
    return text.toString().strip();
  }

  private static void column(PdfPages pages, PDFont font, float x, String text) {
    float y = 120;
    for (String line : PdfPages.wrap(font, 10, 220, text)) {
      pages.text(font, 10, x, y, line);
      y += 12;
    }
  }

  /**
   * Numbered sentences about a subject, as many as are asked for. Another subject gives a document
   * that shares no sentence with this one.
   */
  public static byte[] numbered(String subject, int sentences) {
    PDFont font = new PDType1Font(FontName.HELVETICA);
    try (PdfPages pages = new PdfPages(subject)) {
      for (int number = 1; number <= sentences; number++) {
        int line = (number - 1) % SENTENCES_A_PAGE;
        if (line == 0) {
          pages.newPage();
        }
        pages.text(
            font,
            9,
            LEFT,
            70 + line * LEADING,
            "%s has its sentence %d here, which no other barge on the canal repeats."
                .formatted(subject, number));
      }
      return pages.bytes();
    }
  }

  /** The Hebrew lines of {@link #rightToLeft()} in the order in which they are read. */
  public static List<String> hebrewLines() {
    return List.of(
        "\u05e4\u05d5\u05dc\u05d9\u05e1\u05ea \u05d1\u05d9\u05d8\u05d5\u05d7"
            + " \u05dc\u05d3\u05d9\u05e8\u05d4",
        "\u05d4\u05d4\u05e9\u05ea\u05ea\u05e4\u05d5\u05ea \u05d4\u05e2\u05e6\u05de\u05d9\u05ea"
            + " \u05d4\u05d9\u05d0 450 \u05e9\u05e7\u05dc\u05d9\u05dd \u05dc\u05db\u05dc"
            + " \u05e0\u05d6\u05e7 (\u05de\u05d9\u05dd).",
        "\u05d4\u05d5\u05d3\u05e2\u05d4 \u05e2\u05dc \u05d2\u05e0\u05d9\u05d1\u05d4"
            + " \u05ea\u05d9\u05e9\u05dc\u05d7 \u05ea\u05d5\u05da 24 \u05e9\u05e2\u05d5\u05ea.");
  }

  /** Hebrew, set as programs set it: each line's glyphs from left to right on paper. */
  public static byte[] rightToLeft() {
    try (PdfPages pages = new PdfPages("Right to left")) {
      PDFont font = unicodeFont(pages.document());
      pages.newPage();
      float y = 100;
      for (String line : hebrewLines()) {
        String visual = VisualOrder.of(line);
        float x = PdfPages.WIDTH - LEFT - PdfPages.width(font, 12, visual);
        pages.text(font, 12, x, y, visual);
        y += 40;
      }
      return saved(pages.document());
    }
  }

  /** Forty pages of text, each with an image that does not compress: 25 MB in all. */
  public static byte[] large() {
    PDFont font = new PDType1Font(FontName.HELVETICA);
    int side = 468;
    try (PdfPages pages = new PdfPages("Large")) {
      for (int page = 1; page <= 40; page++) {
        pages.newPage();
        noise(pages, side, side, page);
        String text =
            sentences("Page " + page + " sentence", "stands above an image that is only noise");
        float y = 70;
        for (String line : PdfPages.wrap(font, 9, PdfPages.WIDTH - 2 * LEFT, text)) {
          pages.text(font, 9, LEFT, y, line);
          y += LEADING;
        }
      }
      return pages.bytes();
    }
  }

  static PDFont unicodeFont(PDDocument document) {
    try (InputStream in = SampleDocuments.class.getResourceAsStream(FONT)) {
      return PDType0Font.load(document, Objects.requireNonNull(in), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void noise(PdfPages pages, int width, int height, int seed) {
    byte[] pixels = new byte[width * height * 3];
    new Random(seed).nextBytes(pixels);
    @Nullable COSBase noFilter = null;
    pages.draw(
        content ->
            content.drawImage(
                new PDImageXObject(
                    pages.document(),
                    new ByteArrayInputStream(pixels),
                    noFilter,
                    width,
                    height,
                    8,
                    PDDeviceRGB.INSTANCE),
                LEFT,
                40,
                120,
                120));
  }

  static byte[] saved(PDDocument document) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      document.save(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
