package dev.sluice.crash;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.samples.SampleDocuments;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/** The documents that are sent through; each has its own undisturbed run to be compared with. */
enum Sample {
  /** One embedding batch, for the functions to which a document's length means nothing. */
  SHORT(Format.PDF, SampleDocuments.numbered("Barge", 20)),

  /** Two embedding batches of at most 256 texts, for those that work chunk by chunk. */
  LONG(Format.PDF, SampleDocuments.numbered("Barge", 140)),

  /** The parser makes 9 MiB of it, which are stored in parts; validated, one sentence is left. */
  PARTS("parse", "complete", Format.HTML, padded(9 << 20)),

  /** Needs no parser. */
  TEXT("parse", "complete", Format.TEXT, bytes("The barge has sentence 1.\n")),

  /** Fails on the event of its upload. */
  EMPTY("parse", "failed_parse", Format.PDF, new byte[0]),

  /** Fails on a message of the stage before. */
  BLANK("validate", "failed_parse", Format.TEXT, bytes(" \n")),

  /** So many embedding batches that two calls announce them. */
  WIDE("chunk", "complete", Format.PDF, SampleDocuments.numbered("Barge", 1_400));

  private enum Format {
    PDF("barge.pdf", "application/pdf", "\n%% %s"),
    HTML("barge.html", "text/html", "\n<!-- %s -->"),
    TEXT("barge.md", "text/markdown", "");

    final String filename;
    final String mimeType;
    final String comment;

    Format(String filename, String mimeType, String comment) {
      this.filename = filename;
      this.mimeType = mimeType;
      this.comment = comment;
    }
  }

  private final String function;
  private final String end;
  private final Format format;
  private final byte[] bytes;

  Sample(Format format, byte[] bytes) {
    this("", "complete", format, bytes);
  }

  /**
   * @param function whose boundaries are looked at that an ordinary document does not pass
   * @param end the job's last status
   */
  Sample(String function, String end, Format format, byte[] bytes) {
    this.function = function;
    this.end = end;
    this.format = format;
    this.bytes = bytes;
  }

  static Sample of(Cell cell) {
    return special()
        .filter(sample -> sample.word().equals(cell.act()))
        .findFirst()
        .orElseGet(() -> ordinary(cell.function()));
  }

  private static Sample ordinary(String function) {
    return switch (function) {
      case "chunk", "embed", "finalize" -> LONG;
      default -> SHORT;
    };
  }

  /** Those that go another way through one function. */
  static Stream<Sample> special() {
    return Arrays.stream(values()).filter(sample -> !sample.function.isEmpty());
  }

  /** In the report's table. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String function() {
    return function;
  }

  String end() {
    return end;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Byte order marks are no text; a paragraph of them is {@code 3 << 16} bytes long. */
  private static byte[] padded(int size) {
    var paragraph = "<p>" + "\ufeff".repeat(1 << 16) + "</p>\n";
    return bytes("<html><p>The barge has sentence 1.</p>\n" + paragraph.repeat(size / (3 << 16)));
  }

  /** Other bytes with the same text, where a comment may stand at their end. */
  byte[] unique() {
    var all = new ByteArrayOutputStream();
    all.writeBytes(bytes);
    if (bytes.length > 0) {
      all.writeBytes(bytes(format.comment.formatted(UUID.randomUUID())));
    }
    return all.toByteArray();
  }

  /** What POST /documents is told of these bytes. */
  ObjectNode announcement(byte[] unique) {
    return Pipeline.announcement(format.filename, format.mimeType, unique);
  }
}
