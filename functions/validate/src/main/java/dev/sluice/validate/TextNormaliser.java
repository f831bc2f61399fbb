package dev.sluice.validate;

import dev.sluice.document.Hashes;
import dev.sluice.document.TextLimit;
import dev.sluice.validate.Normalisation.Accepted;
import dev.sluice.validate.Normalisation.Refused;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Bytes as the parser or the user left them to the one canonical text, so that the same words give
 * the same hash. Linear in the input, and idempotent: normalising the result gives the result.
 */
@Singleton
final class TextNormaliser {
  private final int maxBytes;

  @Inject
  TextNormaliser() {
    this(TextLimit.BYTES);
  }

  /**
   * @param maxBytes the largest input and the largest canonical text, in bytes
   */
  TextNormaliser(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  int maxBytes() {
    return maxBytes;
  }

  Normalisation normalise(byte[] bytes) {
    if (bytes.length > maxBytes) {
      return tooLarge();
    }
    CanonicalText text = new CanonicalText(maxBytes, bytes.length + 1);
    LineCleaner lines = new LineCleaner(text::append);
    try {
      new StrictDecoder(bytes).decode(lines::accept);
    } catch (MalformedTextException e) {
      return new Refused("not_utf8", String.valueOf(e.getMessage()));
    }
    lines.finish();
    return verdict(text);
  }

  private Normalisation verdict(CanonicalText text) {
    if (text.isTooLarge()) {
      return tooLarge();
    }
    if (!text.saysSomething()) {
      return new Refused(
          "empty_text", "The document has no text: nothing but white space and page marks.");
    }
    byte[] utf8 = text.utf8();
    return new Accepted(utf8, Hashes.ofBytes(utf8));
  }

  private Refused tooLarge() {
    return new Refused(
        "text_too_large",
        "The document's text is larger than %d bytes. Split the document and upload the parts."
            .formatted(maxBytes));
  }
}
