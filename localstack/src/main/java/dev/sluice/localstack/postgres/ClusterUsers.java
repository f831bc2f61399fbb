package dev.sluice.localstack.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The processes that use a shared cluster, counted by shared locks on one file: a killed process
 * counts no longer. Joining and leaving happen under the cluster's start lock.
 */
final class ClusterUsers implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final boolean alone;

  private ClusterUsers(Path file, FileChannel channel, boolean alone) {
    this.file = file;
    this.channel = channel;
    this.alone = alone;
  }

  static ClusterUsers join(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock everyone = channel.tryLock();
    if (everyone != null) {
      everyone.release();
    }
    channel.lock(0, Long.MAX_VALUE, true);
    return new ClusterUsers(file, channel, everyone != null);
  }

  /** Whether nobody else was there when this process joined. */
  boolean alone() {
    return alone;
  }

  /** Leaves, and says whether nobody is left. */
  boolean leave() {
    close();
    try (FileChannel again = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return again.tryLock() != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
