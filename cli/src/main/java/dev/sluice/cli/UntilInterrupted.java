package dev.sluice.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Passes on what is written until the command is interrupted: what fails because everything is
 * being stopped is nobody's news.
 */
final class UntilInterrupted extends FilterOutputStream {
  private final AtomicBoolean interrupted;

  UntilInterrupted(OutputStream out, AtomicBoolean interrupted) {
    super(out);
    this.interrupted = interrupted;
  }

  @Override
  public void write(int one) throws IOException {
    if (!interrupted.get()) {
      out.write(one);
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (!interrupted.get()) {
      out.write(bytes, from, length);
    }
  }
}
