package dev.sluice.simulator.parser;

import dev.sluice.simulator.document.ParsedPage;
import dev.sluice.simulator.document.Unparseable;
import dev.sluice.simulator.document.Unparseable.Reason;
import dev.sluice.simulator.pdf.PdfParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Parses a file of any supported kind. The bytes decide what it is; its name helps with text. */
public final class DocumentParser {
  private DocumentParser() {}

  /**
   * @param file the bytes
   * @param filename the name that the submitter gave, or the last part of the address
   * @param stopped asked now and then; once true, the parser gives up
   * @return the pages in order, at least one
   * @throws Unparseable if no attempt could succeed
   * @throws CancellationException if {@code stopped} became true before the end
   */
  public static List<ParsedPage> parse(Path file, String filename, BooleanSupplier stopped)
      throws Unparseable, IOException {
    if (Files.size(file) == 0) {
      throw new Unparseable(Reason.EMPTY_FILE, "The file is empty: it has no bytes.");
    }
    return switch (FileKind.of(file, filename)) {
      case PDF -> PdfParser.parse(file, stopped);
      case HTML -> onePage(HtmlMarkdown.of(PlainText.read(file)));
      case MARKDOWN, TEXT -> onePage(PlainText.read(file).strip());
      case DAMAGED_PDF ->
          throw new Unparseable(
              Reason.PDF_IS_BROKEN, "The file is named as a PDF but does not begin as one.");
      case OTHER ->
          throw new Unparseable(
              Reason.UNSUPPORTED_FILE_TYPE,
              "The file type is not supported. Supported are PDF, HTML, Markdown and plain text.");
    };
  }

  private static List<ParsedPage> onePage(String markdown) throws Unparseable {
    if (markdown.isBlank()) {
      throw new Unparseable(Reason.NO_DATA_FOUND_IN_FILE, "The file has no text.");
    }
    return List.of(ParsedPage.of(1, markdown));
  }
}
