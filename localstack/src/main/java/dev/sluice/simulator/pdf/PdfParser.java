package dev.sluice.simulator.pdf;

import dev.sluice.simulator.document.ParsedPage;
import dev.sluice.simulator.document.Unparseable;
import dev.sluice.simulator.document.Unparseable.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the text layer of a PDF. The file is read in pieces and its streams are unpacked to
 * temporary files, so memory follows the text of the document and not its size.
 */
public final class PdfParser {
  private static final Logger LOG = LoggerFactory.getLogger(PdfParser.class);

  static {
    FontMappers.set(new BundledFonts());
  }

  private PdfParser() {}

  /**
   * The pages of a PDF, in order; a page that cannot be read alone is marked as failed.
   *
   * @param stopped asked before each page; an interrupt would not do, since it closes the file and
   *     looks like damage
   * @throws Unparseable if the file is protected, broken or has no text at all
   * @throws CancellationException if {@code stopped} became true before the end
   */
  public static List<ParsedPage> parse(Path file, BooleanSupplier stopped)
      throws Unparseable, IOException {
    PdfTail.requireComplete(file);
    try (PDDocument document = open(file)) {
      if (document.getNumberOfPages() == 0) {
        throw broken("The PDF has no pages.");
      }
      return pages(document, stopped);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.debug("a PDF of {} could not be read", file.getFileName(), e);
      throw broken("The PDF is damaged: its structure cannot be read. Export it again.");
    }
  }

  private static PDDocument open(Path file) throws Unparseable {
    try {
      return Loader.loadPDF(
          new RandomAccessReadBufferedFile(file.toFile()), IOUtils.createTempFileOnlyStreamCache());
    } catch (InvalidPasswordException e) {
      throw new Unparseable(
          Reason.PDF_IS_PROTECTED,
          "The PDF is protected by a password. Remove the password and send it again.");
    } catch (IOException e) {
      throw broken("The PDF is damaged: its structure cannot be read. Export it again.");
    }
  }

  private static List<ParsedPage> pages(PDDocument document, BooleanSupplier stopped)
      throws Unparseable, IOException {
    Reading reading = new Reading(stopped);
    GlyphReader.read(document, reading);
    int count = document.getNumberOfPages();
    requireText(reading.layouts, reading.failures, count);
    return written(reading.layouts, reading.failures, count);
  }

  /** The pages read so far. */
  private static final class Reading implements GlyphReader.Pages {
    final List<PageLayout> layouts = new ArrayList<>();
    final Map<Integer, String> failures = new HashMap<>();
    private final BooleanSupplier stopped;

    Reading(BooleanSupplier stopped) {
      this.stopped = stopped;
    }

    @Override
    public boolean stopped() {
      return stopped.getAsBoolean();
    }

    @Override
    public void page(int number, PDPage page, List<Glyph> glyphs) {
      layouts.add(PageLayout.of(number, height(page), glyphs));
    }

    @Override
    public void damaged(int number) {
      failures.put(number, "The content of page " + number + " is damaged.");
    }
  }

  private static void requireText(
      List<PageLayout> layouts, Map<Integer, String> failures, int pages) throws Unparseable {
    if (failures.size() == pages) {
      throw broken("The PDF is damaged: none of its " + pages + " pages can be read.");
    }
    boolean hasText =
        layouts.stream().flatMap(page -> page.lines().stream()).anyMatch(PdfParser::isText);
    if (!hasText) {
      throw new Unparseable(
          Reason.NO_DATA_FOUND_IN_FILE,
          "The PDF has no text layer: its pages are only images. Run text recognition (OCR) on it"
              + " and send it again.");
    }
  }

  private static List<ParsedPage> written(
      List<PageLayout> layouts, Map<Integer, String> failures, int count) {
    Typography typography = Typography.of(layouts);
    List<PageLayout> cleaned = RunningText.drop(layouts, typography);
    Map<Integer, String> texts = new HashMap<>();
    cleaned.forEach(page -> texts.put(page.number(), PageMarkdown.of(page, typography)));
    List<ParsedPage> pages = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      String failure = failures.get(number);
      pages.add(
          failure == null
              ? ParsedPage.of(number, texts.getOrDefault(number, ""))
              : ParsedPage.failed(number, failure));
    }
    return pages;
  }

  /** The height of the page as it is looked at, turned if the page is turned. */
  private static float height(PDPage page) {
    PDRectangle box = page.getCropBox();
    return page.getRotation() % 180 == 0 ? box.getHeight() : box.getWidth();
  }

  private static Unparseable broken(String message) {
    return new Unparseable(Reason.PDF_IS_BROKEN, message);
  }

  private static boolean isText(Line line) {
    return line.text().codePoints().anyMatch(Character::isLetterOrDigit);
  }
}
