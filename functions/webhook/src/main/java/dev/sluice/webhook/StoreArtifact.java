package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import dev.sluice.document.Hashes;
import dev.sluice.document.StoragePath;
import dev.sluice.storage.DocumentStorage;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts a parser's text where the parse stage looks for it. */
@Singleton
final class StoreArtifact {
  private static final String MARKDOWN = "text/markdown; charset=utf-8";

  private final DocumentStorage storage;
  private final GuardedDownload download;

  StoreArtifact(DocumentStorage storage, GuardedDownload download) {
    this.storage = storage;
    this.download = download;
  }

  /**
   * Stores the text, once it is what the callback says.
   *
   * @throws CallbackRefused if it is not, or its address is forbidden
   */
  void store(StoragePath path, Artifact artifact) {
    switch (artifact) {
      case Artifact.Inline inline -> storage.put(path, inline.bytes(), MARKDOWN);
      case Artifact.Linked linked -> fetch(path, linked);
    }
  }

  private void fetch(StoragePath path, Artifact.Linked linked) {
    try {
      var file = Files.createTempFile("artifact-", ".md");
      try {
        download.fetch(linked, file);
        checkHash(file, linked.sha256());
        storage.put(path, file, MARKDOWN);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void checkHash(Path file, String sha256) throws IOException {
    try (var bytes = Files.newInputStream(file)) {
      if (!Hashes.ofStream(bytes).equals(sha256)) {
        throw new CallbackRefused("artifact_differs");
      }
    }
  }
}
