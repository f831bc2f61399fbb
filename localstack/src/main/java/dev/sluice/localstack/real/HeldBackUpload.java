package dev.sluice.localstack.real;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * An upload that passes as it comes, but for its last bytes: those wait until somebody has looked
 * at the whole. Without them it is no request that anyone could take.
 */
final class HeldBackUpload extends InputStream {
  /** The end of the form with the options in it, as a rule. */
  private static final int HELD_BYTES = 4096;

  private final InputStream source;
  private final OutputStream copy;
  private final Release release;
  private final byte[] window = new byte[HELD_BYTES + (1 << 16)];
  private int filled;
  private boolean whole;

  /** Looks at the whole upload before its end passes. */
  @FunctionalInterface
  interface Release {
    /**
     * Returns if it may pass.
     *
     * @throws IOException if not: the upload breaks off
     */
    void decide() throws IOException;
  }

  /**
   * @param copy gets all bytes before the decision
   */
  HeldBackUpload(InputStream source, OutputStream copy, Release release) {
    this.source = source;
    this.copy = copy;
    this.release = release;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException if the upload broke off: a checked one could be taken for the end
   */
  @Override
  public synchronized int read(byte[] to, int offset, int length) {
    try {
      while (!whole && filled <= HELD_BYTES) {
        fill();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int passing = Math.min(length, whole ? filled : filled - HELD_BYTES);
    if (passing == 0) {
      return -1;
    }
    System.arraycopy(window, 0, to, offset, passing);
    System.arraycopy(window, passing, window, 0, filled - passing);
    filled -= passing;
    return passing;
  }

  private void fill() throws IOException {
    int read = source.read(window, filled, window.length - filled);
    if (read >= 0) {
      copy.write(window, filled, read);
      filled += read;
    } else {
      copy.flush();
      release.decide();
      whole = true;
    }
  }

  /**
   * Takes what is left from its sender, who listens for an answer only then. What was held back
   * never passes.
   */
  synchronized void discardRest() throws IOException {
    whole = true;
    filled = 0;
    source.transferTo(OutputStream.nullOutputStream());
  }
}
