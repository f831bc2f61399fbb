package dev.sluice.simulator.pdf;

import dev.sluice.simulator.document.Unparseable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Checks that a PDF ends as one ends. PDFBox repairs what it can and would give back the first
 * pages of a cut file as if they were all.
 */
final class PdfTail {
  /** Readers look for the last cross-reference in the last 1,024 bytes; some writers add more. */
  private static final int SEARCHED = 4096;

  private PdfTail() {}

  static void requireComplete(Path file) throws Unparseable, IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long end = contentEnd(channel);
      if (!read(channel, Math.max(0, end - SEARCHED), end).contains("startxref")) {
        throw new Unparseable(
            Unparseable.Reason.PDF_IS_BROKEN,
            "The PDF is incomplete: its end is missing. It was probably cut off while it was"
                + " copied or uploaded; send it again.");
      }
    }
  }

  /** The length without the zeros and blanks that some transports pad with. */
  private static long contentEnd(FileChannel channel) throws IOException {
    long end = channel.size();
    while (end > 0) {
      String block = read(channel, Math.max(0, end - SEARCHED), end);
      int used = block.length();
      while (used > 0 && block.charAt(used - 1) <= ' ') {
        used--;
      }
      end -= block.length() - used;
      if (used > 0) {
        return end;
      }
    }
    return 0;
  }

  private static String read(FileChannel channel, long from, long to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) (to - from));
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
      // A channel may give less than was asked for.
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
  }
}
