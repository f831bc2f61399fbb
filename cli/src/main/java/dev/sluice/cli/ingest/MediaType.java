package dev.sluice.cli.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** A file's media type: by its first bytes where they are unmistakable, else by its name. */
final class MediaType {
  static final int BYTES_NEEDED = 1024;

  private static final String UNKNOWN = "application/octet-stream";
  private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";
  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("pdf", "application/pdf"),
          Map.entry("md", "text/markdown"),
          Map.entry("markdown", "text/markdown"),
          Map.entry("txt", "text/plain"),
          Map.entry("text", "text/plain"),
          Map.entry("html", "text/html"),
          Map.entry("htm", "text/html"),
          Map.entry("csv", "text/csv"),
          Map.entry("json", "application/json"),
          Map.entry("rtf", "application/rtf"),
          Map.entry("epub", "application/epub+zip"),
          Map.entry("doc", "application/msword"),
          Map.entry("docx", OFFICE + "wordprocessingml.document"),
          Map.entry("xlsx", OFFICE + "spreadsheetml.sheet"),
          Map.entry("pptx", OFFICE + "presentationml.presentation"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("tif", "image/tiff"),
          Map.entry("tiff", "image/tiff"));

  private MediaType() {}

  static String of(String filename, byte[] start) {
    // ISO 8859-1 shows each byte as one character, so signatures can be compared as text.
    String head = new String(start, StandardCharsets.ISO_8859_1);
    if (isPdf(head)) {
      return "application/pdf";
    }
    if (head.startsWith("\u0089PNG")) {
      return "image/png";
    }
    if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return "image/jpeg";
    }
    String byName = BY_EXTENSION.get(extension(filename));
    return byName != null ? byName : byContent(head, start);
  }

  // PDF readers accept the mark anywhere in the first 1,024 bytes; text may quote it, but not
  // first.
  private static boolean isPdf(String head) {
    return head.startsWith("%PDF-") || head.stripLeading().startsWith("%PDF-");
  }

  private static String byContent(String head, byte[] start) {
    String lower = head.stripLeading().toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return "text/html";
    }
    for (byte b : start) {
      if (b == 0) {
        return UNKNOWN;
      }
    }
    return start.length == 0 ? UNKNOWN : "text/plain";
  }

  private static String extension(String filename) {
    int dot = filename.lastIndexOf('.');
    return dot < 0 ? "" : filename.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
