package dev.sluice.validate;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Bytes to characters, slice by slice: UTF-8, or UTF-16 when a byte order mark says so. Nothing is
 * guessed and nothing replaced: a byte that does not decode is an error with its offset.
 */
final class StrictDecoder {
  private static final int SLICE_CHARS = 8192;

  private final byte[] bytes;
  private final Charset charset;
  private final int markLength;

  StrictDecoder(byte[] bytes) {
    this.bytes = bytes;
    if (startsWith(0xEF, 0xBB, 0xBF)) {
      charset = StandardCharsets.UTF_8;
      markLength = 3;
    } else if (startsWith(0xFE, 0xFF)) {
      charset = StandardCharsets.UTF_16BE;
      markLength = 2;
    } else if (startsWith(0xFF, 0xFE)) {
      charset = StandardCharsets.UTF_16LE;
      markLength = 2;
    } else {
      charset = StandardCharsets.UTF_8;
      markLength = 0;
    }
  }

  /** Hands on each slice of characters; the buffer is used again after the call. */
  void decode(Consumer<CharBuffer> sink) throws MalformedTextException {
    // The UTF-16 mark is a prefix of UTF-32's, which would decode to every second character NUL.
    if (startsWith(0xFF, 0xFE, 0x00, 0x00)) {
      throw new MalformedTextException(
          "The text is encoded in UTF-32, not in UTF-8. Save it as UTF-8 and upload it again.");
    }
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, markLength, bytes.length - markLength);
    CharBuffer out = CharBuffer.allocate(SLICE_CHARS);
    CoderResult result;
    do {
      result = decoder.decode(in, out, true);
      drain(out, sink);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new MalformedTextException(
          "The text is not valid %s: the byte at offset %d cannot be decoded. "
                  .formatted(markLength == 2 ? "UTF-16" : "UTF-8", in.position())
              + "Save it as UTF-8 and upload it again.");
    }
  }

  private static void drain(CharBuffer out, Consumer<CharBuffer> sink) {
    out.flip();
    sink.accept(out);
    out.clear();
  }

  private boolean startsWith(int... prefix) {
    if (bytes.length < prefix.length) {
      return false;
    }
    for (int at = 0; at < prefix.length; at++) {
      if ((bytes[at] & 0xFF) != prefix[at]) {
        return false;
      }
    }
    return true;
  }
}
