package dev.sluice.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.sluice.document.TextLimit;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is about to be uploaded.
 *
 * @param sizeBytes exactly: the upload's signature covers it
 * @param sha256 of the bytes, lower-case hex: the upload's signature covers it too
 * @param documentId an existing document of which this is the next generation; null derives it from
 *     the user and the bytes
 */
@Serdeable(naming = SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = false)
record NewDocument(
    @Nullable String filename,
    @Nullable String mimeType,
    @Nullable Long sizeBytes,
    @Nullable String sha256,
    @Nullable UUID documentId) {
  private static final int LONGEST_FILENAME = 255;
  private static final long LARGEST = 512L << 20;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** The extension of the stored object by what may be uploaded. */
  private static final Map<String, String> EXTENSIONS =
      Map.of(
          "application/pdf", "pdf",
          "text/markdown", "md",
          "text/plain", "txt",
          "text/html", "html");

  /** The same, with every field checked. */
  record Valid(
      String filename,
      String mimeType,
      String extension,
      long sizeBytes,
      String sha256,
      @Nullable UUID documentId) {}

  /**
   * Checks every field.
   *
   * @throws Refusal naming the first that is wrong
   */
  Valid check() {
    return new Valid(
        checkedFilename(),
        mimeType == null ? "" : mimeType,
        checkedExtension(),
        checkedSize(),
        checkedSha256(),
        documentId);
  }

  private String checkedFilename() {
    if (filename == null
        || filename.isBlank()
        || filename.codePointCount(0, filename.length()) > LONGEST_FILENAME
        || filename.codePoints().anyMatch(NewDocument::isNotForNames)) {
      throw Refusal.invalid(
          "filename",
          "The filename must have 1 to 255 characters, none of them a control character, / or \\.");
    }
    return filename;
  }

  private static boolean isNotForNames(int codePoint) {
    return Character.isISOControl(codePoint)
        || Character.getType(codePoint) == Character.SURROGATE
        || codePoint == '/'
        || codePoint == '\\';
  }

  private String checkedExtension() {
    var extension = mimeType == null ? null : EXTENSIONS.get(mimeType);
    if (extension == null) {
      throw Refusal.invalid(
          "mime_type",
          "The MIME type must be application/pdf, text/markdown, text/plain or text/html.");
    }
    return extension;
  }

  private long checkedSize() {
    if (sizeBytes == null || sizeBytes < 0 || sizeBytes > LARGEST) {
      throw Refusal.invalid(
          "size_bytes", "The size must be between 0 and 536870912 bytes (512 MB).");
    }
    if (sizeBytes > TextLimit.BYTES && isText()) {
      throw Refusal.invalid(
          "size_bytes",
          "A text must have at most %d bytes (64 MB). Split it and upload the parts."
              .formatted(TextLimit.BYTES));
    }
    return sizeBytes;
  }

  /** What no parser makes smaller. */
  private boolean isText() {
    return "text/markdown".equals(mimeType) || "text/plain".equals(mimeType);
  }

  private String checkedSha256() {
    if (sha256 == null || !SHA256.matcher(sha256).matches()) {
      throw Refusal.invalid(
          "sha256", "The SHA-256 must be written as 64 lower-case hexadecimal digits.");
    }
    return sha256;
  }
}
