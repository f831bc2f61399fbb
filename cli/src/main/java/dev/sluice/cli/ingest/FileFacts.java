package dev.sluice.cli.ingest;

import dev.sluice.cli.api.NewDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What Sluice is told about a file before its bytes arrive. */
record FileFacts(Path path, String filename, String mimeType, long size, String sha256) {

  /** Reads the file once, in pieces: memory does not grow with it. */
  static FileFacts read(String file) throws UnreadableFile {
    Path path = existing(file);
    try {
      return facts(path);
    } catch (IOException unreadable) {
      throw new UnreadableFile("file_unreadable", file + " could not be read: " + why(unreadable));
    }
  }

  NewDocument document(@Nullable String documentId) {
    return new NewDocument(filename, mimeType, size, sha256, documentId);
  }

  private static Path existing(String file) throws UnreadableFile {
    Path path;
    try {
      path = Path.of(file);
    } catch (InvalidPathException invalid) {
      throw new UnreadableFile("file_not_found", file + " is not a file name on this system");
    }
    if (Files.isDirectory(path)) {
      throw new UnreadableFile("is_a_folder", file + " is a folder; name the files in it");
    }
    if (!Files.exists(path)) {
      throw new UnreadableFile("file_not_found", "there is no file " + file);
    }
    if (!Files.isReadable(path)) {
      throw new UnreadableFile("file_unreadable", file + " may not be read by this user");
    }
    return path;
  }

  private static FileFacts facts(Path path) throws IOException {
    MessageDigest sha256 = newSha256();
    byte[] start;
    long size;
    try (InputStream bytes = new DigestInputStream(Files.newInputStream(path), sha256)) {
      start = bytes.readNBytes(MediaType.BYTES_NEEDED);
      size = start.length + bytes.transferTo(OutputStream.nullOutputStream());
    }
    String filename = path.toAbsolutePath().normalize().getFileName().toString();
    String hash = HexFormat.of().formatHex(sha256.digest());
    return new FileFacts(path, filename, MediaType.of(filename, start), size, hash);
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private static String why(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
