package dev.sluice.cli.bench;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;

/** A PDF like a scanned survey: on each page a picture and a column of text. */
final class PdfSample {
  private static final PDType1Font FONT = new PDType1Font(FontName.HELVETICA);
  private static final float SIZE = 9;
  private static final float LEADING = 11;
  private static final float LEFT = 50;
  private static final float TOP = 780;
  private static final float PICTURE_TOP = 160;
  private static final int LINE_CHARS = 100;

  /** Noise, which no compression makes smaller: 3 bytes a pixel. */
  private static final int PICTURE = 110;

  private static final int BYTES_A_PAGE = PICTURE * PICTURE * 3 + 2_500;

  private PdfSample() {}

  /** How many pages a file of that size has. */
  static int pages(int megabytes) {
    return Math.max(1, megabytes * 1_000_000 / BYTES_A_PAGE);
  }

  static void write(Path file, int pages, long seed) throws IOException {
    Random random = new Random(seed);
    Prose prose = new Prose(random);
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (PDDocument document = new PDDocument()) {
      for (int page = 0; page < pages; page++) {
        addPage(document, prose, random);
      }
      document.save(file.toFile());
    }
  }

  private static void addPage(PDDocument document, Prose prose, Random random) throws IOException {
    PDPage page = new PDPage(PDRectangle.A4);
    document.addPage(page);
    try (PDPageContentStream content = new PDPageContentStream(document, page)) {
      content.beginText();
      content.setLeading(LEADING);
      content.newLineAtOffset(LEFT, TOP);
      content.setFont(FONT, SIZE * 2);
      content.showText(prose.title());
      content.newLine();
      content.setFont(FONT, SIZE);
      float at = TOP - 2 * LEADING;
      while (at > PICTURE_TOP + 12 * LEADING) {
        content.newLine();
        List<String> lines = lines(prose.paragraph());
        for (String line : lines) {
          content.newLine();
          content.showText(line);
        }
        at -= (lines.size() + 1) * LEADING;
      }
      content.endText();
      content.drawImage(
          LosslessFactory.createFromImage(document, noise(random)), LEFT, PICTURE_TOP - PICTURE);
    }
  }

  private static List<String> lines(String paragraph) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : paragraph.split(" ")) {
      if (line.length() + word.length() > LINE_CHARS) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static BufferedImage noise(Random random) {
    BufferedImage image = new BufferedImage(PICTURE, PICTURE, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < PICTURE; x++) {
      for (int y = 0; y < PICTURE; y++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return image;
  }
}
