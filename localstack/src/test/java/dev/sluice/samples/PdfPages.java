package dev.sluice.samples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.TimeZone;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;

/**
 * Sets text on A4 pages, a line at a time. What it writes is not compressed and carries a fixed
 * date and id, so the same calls give the same bytes on every machine.
 */
final class PdfPages implements AutoCloseable {
  static final float WIDTH = PDRectangle.A4.getWidth();
  static final float HEIGHT = PDRectangle.A4.getHeight();
  private static final long DOCUMENT_ID = 20_260_301L;

  private final PDDocument document = new PDDocument();
  private final List<PDPage> pages = new ArrayList<>();

  PdfPages(String title) {
    Calendar date = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
    date.setTimeInMillis(0);
    date.set(2026, Calendar.MARCH, 1, 0, 0, 0);
    PDDocumentInformation information = document.getDocumentInformation();
    information.setTitle(title);
    information.setCreationDate(date);
    information.setModificationDate(date);
    document.setDocumentId(DOCUMENT_ID);
  }

  PDDocument document() {
    return document;
  }

  int count() {
    return pages.size();
  }

  void newPage() {
    PDPage page = new PDPage(PDRectangle.A4);
    document.addPage(page);
    pages.add(page);
  }

  /** What is drawn on a page. */
  interface Drawing {
    void on(PDPageContentStream content) throws IOException;
  }

  /** Draws on the last page. */
  void draw(Drawing drawing) {
    draw(pages.size(), drawing);
  }

  /**
   * Draws on a page.
   *
   * @param number from 1
   */
  void draw(int number, Drawing drawing) {
    try (PDPageContentStream content =
        new PDPageContentStream(
            document, pages.get(number - 1), PDPageContentStream.AppendMode.APPEND, false)) {
      drawing.on(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a line with its baseline at y, counted from the top of the page. */
  void text(PDFont font, float size, float x, float y, String text) {
    draw(content -> show(content, font, size, x, y, text));
  }

  static void show(
      PDPageContentStream content, PDFont font, float size, float x, float y, String text)
      throws IOException {
    content.beginText();
    content.setFont(font, size);
    content.newLineAtOffset(x, HEIGHT - y);
    content.showText(text);
    content.endText();
  }

  static float width(PDFont font, float size, String text) {
    try {
      return font.getStringWidth(text) / 1000 * size;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Breaks text into lines of at most a width. */
  static List<String> wrap(PDFont font, float size, float width, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      boolean fits = width(font, size, line + " " + word) <= width;
      if (!line.isEmpty() && !fits) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      document.save(out, CompressParameters.NO_COMPRESSION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    try {
      document.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
