package dev.sluice.localstack.fault;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one direction's bytes into messages and hands them on unchanged: a length, after a type from
 * the start message on.
 */
final class PostgresFrames {
  private static final int LENGTH = 4;

  private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
  private byte[] waiting = new byte[0];
  private int position;
  private int frameLength;
  private boolean typed;

  PostgresFrames(boolean typed) {
    this.typed = typed;
  }

  /**
   * One message.
   *
   * @param type 0 for a message without one
   * @param body after the length
   */
  record Frame(int type, ByteBuffer body) {
    int integer(int at) {
      return body.getInt(body.position() + at);
    }

    /** The text that follows {@code skipped} others, each ended by a zero byte. */
    String text(int skipped) {
      ByteBuffer rest = body.duplicate();
      String text = "";
      for (int i = 0; i <= skipped; i++) {
        text = next(rest);
      }
      return text;
    }

    private static String next(ByteBuffer rest) {
      int begin = rest.position();
      while (rest.hasRemaining() && rest.get() != 0) {}
      int end = Math.max(begin, rest.position() - 1);
      return new String(
          rest.array(), rest.arrayOffset() + begin, end - begin, StandardCharsets.UTF_8);
    }
  }

  void typed() {
    typed = true;
  }

  void add(byte[] bytes, int length) {
    int rest = waiting.length - position;
    byte[] all = Arrays.copyOfRange(waiting, position, waiting.length + length);
    System.arraycopy(bytes, 0, all, rest, length);
    waiting = all;
    position = 0;
  }

  /** The next whole message, which {@link #pass} then hands on; null if there is none yet. */
  @Nullable Frame next() {
    int header = typed ? 1 + LENGTH : LENGTH;
    if (waiting.length - position < header) {
      return null;
    }
    int type = typed ? waiting[position] & 0xff : 0;
    int length = ByteBuffer.wrap(waiting).getInt(position + header - LENGTH);
    frameLength = header - LENGTH + length;
    if (waiting.length - position < frameLength) {
      return null;
    }
    return new Frame(type, ByteBuffer.wrap(waiting, position + header, frameLength - header));
  }

  /** Queues the message that {@link #next} gave. */
  void pass() {
    passed.write(waiting, position, frameLength);
    position += frameLength;
  }

  void flush(OutputStream out) throws IOException {
    if (passed.size() > 0) {
      passed.writeTo(out);
      passed.reset();
    }
  }
}
