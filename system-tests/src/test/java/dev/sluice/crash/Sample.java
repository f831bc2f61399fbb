package dev.sluice.crash;

import dev.sluice.samples.SampleDocuments;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The documents that are sent through; each has its own undisturbed run to be compared with. */
enum Sample {
  /** One embedding batch, for the functions to which a document's length means nothing. */
  SHORT(20),

  /** Two embedding batches of at most 256 texts, for those that work chunk by chunk. */
  LONG(140);

  private final byte[] pdf;

  Sample(int sentences) {
    this.pdf = SampleDocuments.numbered("Barge", sentences);
  }

  static Sample of(String function) {
    return switch (function) {
      case "chunk", "embed", "finalize" -> LONG;
      default -> SHORT;
    };
  }

  /** Other bytes with the same text: what follows a PDF's end is a comment to its readers. */
  byte[] unique() {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(pdf);
    bytes.writeBytes(("\n% " + UUID.randomUUID()).getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }
}
