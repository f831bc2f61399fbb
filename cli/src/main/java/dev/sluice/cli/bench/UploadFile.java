package dev.sluice.cli.bench;

import dev.sluice.cli.api.NewDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file that lies ready, and what Sluice is told of it first. */
record UploadFile(Path path, NewDocument announcement) {
  /** Writes a document into a folder that is there. */
  static UploadFile write(SoakDocument document, Path folder) throws IOException {
    Path path = folder.resolve(document.filename());
    Files.write(path, document.content());
    return of(path, document.format().mimeType());
  }

  static UploadFile of(Path path, String mimeType) throws IOException {
    byte[] content = Files.readAllBytes(path);
    return new UploadFile(
        path,
        new NewDocument(
            path.getFileName().toString(), mimeType, content.length, sha256(content), null));
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
