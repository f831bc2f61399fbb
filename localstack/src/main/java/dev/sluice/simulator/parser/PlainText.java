package dev.sluice.simulator.parser;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads text in the encodings that occur: UTF-8, UTF-16 with a mark, else Windows-1252. */
final class PlainText {
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private PlainText() {}

  static String read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String text = decode(bytes);
    String unmarked = text.startsWith("\ufeff") ? text.substring(1) : text;
    return unmarked.replace("\r\n", "\n").replace('\r', '\n').replace("\0", "");
  }

  static boolean isUtf8(Path file) throws IOException {
    try {
      strict(Files.readAllBytes(file));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  static boolean hasByteOrderMark(byte[] head) {
    return head.length >= 2
        && ((head[0] == (byte) 0xfe && head[1] == (byte) 0xff)
            || (head[0] == (byte) 0xff && head[1] == (byte) 0xfe));
  }

  private static String decode(byte[] bytes) {
    if (hasByteOrderMark(bytes)) {
      return new String(bytes, StandardCharsets.UTF_16);
    }
    try {
      return strict(bytes);
    } catch (CharacterCodingException e) {
      return new String(bytes, WINDOWS);
    }
  }

  private static String strict(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes))
        .toString();
  }
}
