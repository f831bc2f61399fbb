package dev.sluice.cli.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {
  @ParameterizedTest
  @CsvSource({
    "policy.pdf, not really, application/pdf",
    "policy.txt, %PDF-1.4, application/pdf",
    "scan, %PDF-1.4, application/pdf",
    "NOTES.MD, # Notes, text/markdown",
    "page.html, <p>, text/html",
    "page, <!DOCTYPE html><p>, text/html",
    "notes, words, text/plain",
    "notes.unknown, words, text/plain",
    "picture.dat, \u0089PNG, image/png",
    "picture.dat, \u00ff\u00d8\u00ff, image/jpeg",
    "letter.docx, PK, application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "binary, a\u0000b, application/octet-stream",
    "empty, '', application/octet-stream",
  })
  void isToldByFirstBytesOrByName(String name, String start, String type) {
    assertThat(MediaType.of(name, start.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(type);
  }
}
