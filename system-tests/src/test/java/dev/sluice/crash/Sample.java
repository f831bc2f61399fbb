package dev.sluice.crash;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.samples.SampleDocuments;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The documents that are sent through; each has its own undisturbed run to be compared with. */
enum Sample {
  /** One embedding batch, for the functions to which a document's length means nothing. */
  SHORT(Format.PDF, SampleDocuments.numbered("Barge", 20)),

  /** Two embedding batches of at most 256 texts, for those that work chunk by chunk. */
  LONG(Format.PDF, SampleDocuments.numbered("Barge", 140)),

  /** The parser makes 9 MiB of it; validated, one sentence is left. */
  PADDED(Format.HTML, padded(9 << 20));

  private enum Format {
    PDF("barge.pdf", "application/pdf", "\n%% %s"),
    HTML("barge.html", "text/html", "\n<!-- %s -->");

    final String filename;
    final String mimeType;
    final String comment;

    Format(String filename, String mimeType, String comment) {
      this.filename = filename;
      this.mimeType = mimeType;
      this.comment = comment;
    }
  }

  private final Format format;
  private final byte[] bytes;

  Sample(Format format, byte[] bytes) {
    this.format = format;
    this.bytes = bytes;
  }

  static Sample of(Cell cell) {
    if (cell.act().equals(Cell.PARTS)) {
      return PADDED;
    }
    return switch (cell.function()) {
      case "chunk", "embed", "finalize" -> LONG;
      default -> SHORT;
    };
  }

  /** Byte order marks are no text; a paragraph of them is {@code 3 << 16} bytes long. */
  private static byte[] padded(int size) {
    var paragraph = "<p>" + "\ufeff".repeat(1 << 16) + "</p>\n";
    return ("<html><p>The barge has sentence 1.</p>\n" + paragraph.repeat(size / (3 << 16)))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Other bytes with the same text: a comment is at their end. */
  byte[] unique() {
    var all = new ByteArrayOutputStream();
    all.writeBytes(bytes);
    all.writeBytes(format.comment.formatted(UUID.randomUUID()).getBytes(StandardCharsets.US_ASCII));
    return all.toByteArray();
  }

  /** What POST /documents is told of these bytes. */
  ObjectNode announcement(byte[] unique) {
    return Pipeline.announcement(format.filename, format.mimeType, unique);
  }
}
