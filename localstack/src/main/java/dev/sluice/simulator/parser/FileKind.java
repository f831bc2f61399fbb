package dev.sluice.simulator.parser;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a file is. */
enum FileKind {
  PDF,
  DAMAGED_PDF,
  HTML,
  MARKDOWN,
  TEXT,
  OTHER;

  /** PDF allows other bytes before its header, up to this many. */
  private static final int HEADER_SEARCHED = 1024;

  static FileKind of(Path file, String filename) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEADER_SEARCHED);
    }
    String start = new String(head, StandardCharsets.ISO_8859_1);
    if (start.contains("%PDF-")) {
      return PDF;
    }
    String name = filename.toLowerCase(Locale.ROOT);
    if (name.endsWith(".pdf")) {
      return DAMAGED_PDF;
    }
    if (start.indexOf('\0') >= 0 && !PlainText.hasByteOrderMark(head)) {
      return OTHER;
    }
    return ofText(start.stripLeading().toLowerCase(Locale.ROOT), name, file);
  }

  private static FileKind ofText(String start, String name, Path file) throws IOException {
    if (name.matches(".*\\.x?html?")
        || start.contains("<!doctype html")
        || start.contains("<html")) {
      return HTML;
    }
    if (name.matches(".*\\.(md|markdown)")) {
      return MARKDOWN;
    }
    if (name.matches(".*\\.(txt|text|csv|log|json|xml|ya?ml)") || PlainText.isUtf8(file)) {
      return TEXT;
    }
    return OTHER;
  }
}
