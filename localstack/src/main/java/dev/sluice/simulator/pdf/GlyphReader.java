package dev.sluice.simulator.pdf;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the glyphs of a document page by page; accents are already joined to their letters. */
final class GlyphReader extends PDFTextStripper {
  private static final Logger LOG = LoggerFactory.getLogger(GlyphReader.class);

  /** Sizes outside this range come from fonts that hide their scale in their own matrix. */
  private static final float SMALLEST_SIZE = 2.5f;

  private static final float LARGEST_SIZE = 200f;
  private static final float HEIGHT_TO_SIZE = 1.4f;
  private static final int BOLD_WEIGHT = 600;

  private final Map<PDFont, Boolean> boldFonts = new HashMap<>();
  private final Pages pages;

  /** Takes the pages as they are read. Pages without any content are left out. */
  interface Pages {
    boolean stopped();

    void page(int number, PDPage page, List<Glyph> glyphs);

    void damaged(int number);
  }

  private GlyphReader(Pages pages) {
    this.pages = pages;
    setShouldSeparateByBeads(false);
    setSuppressDuplicateOverlappingText(true);
  }

  static void read(PDDocument document, Pages pages) throws IOException {
    new GlyphReader(pages).writeText(document, Writer.nullWriter());
  }

  /** One damaged page does not make the others unreadable. */
  @Override
  public void processPage(PDPage page) {
    if (pages.stopped()) {
      throw new CancellationException("stopped before page " + getCurrentPageNo());
    }
    try {
      super.processPage(page);
    } catch (IOException | RuntimeException e) {
      LOG.debug("page {} could not be read", getCurrentPageNo(), e);
      pages.damaged(getCurrentPageNo());
    }
  }

  @Override
  protected void writePage() {
    List<TextPosition> positions = charactersByArticle.stream().flatMap(List::stream).toList();
    float direction = mainDirection(positions);
    List<Glyph> glyphs = new ArrayList<>(positions.size());
    for (TextPosition position : positions) {
      if (position.getDir() == direction && position.getUnicode() != null) {
        glyphs.add(glyph(position));
      }
    }
    pages.page(getCurrentPageNo(), getCurrentPage(), glyphs);
  }

  /** Text in another direction is a stamp, a watermark or an axis of a chart. */
  private static float mainDirection(List<TextPosition> positions) {
    Map<Float, Integer> counts = new HashMap<>();
    positions.forEach(position -> counts.merge(position.getDir(), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(0f);
  }

  private Glyph glyph(TextPosition position) {
    return new Glyph(
        position.getUnicode(),
        position.getXDirAdj(),
        position.getYDirAdj(),
        position.getWidthDirAdj(),
        size(position),
        position.getWidthOfSpace(),
        boldFonts.computeIfAbsent(position.getFont(), GlyphReader::isBold));
  }

  private static float size(TextPosition position) {
    float size = position.getYScale();
    boolean plausible = size >= SMALLEST_SIZE && size <= LARGEST_SIZE;
    return plausible ? size : Math.max(1, position.getHeightDir() * HEIGHT_TO_SIZE);
  }

  private static boolean isBold(PDFont font) {
    String name = font.getName() == null ? "" : font.getName().toLowerCase(Locale.ROOT);
    if (name.contains("bold") || name.contains("black") || name.matches(".*cmbx\\d+.*")) {
      return true;
    }
    PDFontDescriptor descriptor = font.getFontDescriptor();
    return descriptor != null
        && (descriptor.isForceBold() || descriptor.getFontWeight() >= BOLD_WEIGHT);
  }
}
