package dev.sluice.chunk;

import dev.sluice.document.Hashes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A stored text on this machine's disk: memory need not hold it, its hash is known before the first
 * chunk, and no connection to S3 waits while chunks are written.
 */
final class SpooledText implements Closeable {
  private final FileChannel file;

  private SpooledText(FileChannel file) {
    this.file = file;
  }

  /** Reads the stream to its end; does not close it. */
  static SpooledText of(InputStream utf8) throws IOException {
    Path path = Files.createTempFile("canonical-", ".md");
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      // An open file needs no name: however the process ends, nothing of the text stays behind.
      Files.delete(path);
      var unused = utf8.transferTo(Channels.newOutputStream(file));
      return new SpooledText(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  String sha256() throws IOException {
    return Hashes.ofStream(fromStart());
  }

  /** From the beginning; bytes that are no UTF-8 are replaced. Nothing else reads meanwhile. */
  Reader reader() throws IOException {
    return new InputStreamReader(fromStart(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private InputStream fromStart() throws IOException {
    return Channels.newInputStream(file.position(0));
  }
}
