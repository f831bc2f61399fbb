package dev.sluice.localstack.fault;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 with keep-alive, one request at a time: a step is a request and its answer. */
final class HttpConversation implements Conversation {
  private static final String END_OF_HEAD = "\r\n\r\n";

  /** Enough of an answer to tell an interim one: {@code HTTP/1.1 1}. */
  private static final int STATUS_CLASS = 9;

  private final Steps steps;
  private final Function<String, String> name;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private volatile @Nullable Boundary open;

  /**
   * @param name of the step, from the request's line and headers
   */
  HttpConversation(Steps steps, Function<String, String> name) {
    this.steps = steps;
    this.name = name;
  }

  @Override
  public void fromClient(byte[] bytes, int length, OutputStream server) throws IOException {
    if (open != null) {
      server.write(bytes, 0, length);
      return;
    }
    head.write(bytes, 0, length);
    String text = head.toString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf(END_OF_HEAD);
    if (end >= 0) {
      open = steps.begin(name.apply(text.substring(0, end)));
      head.writeTo(server);
      head.reset();
    }
  }

  @Override
  public void fromServer(byte[] bytes, int length, OutputStream client) throws IOException {
    int start = interim(bytes, length);
    client.write(bytes, 0, start);
    Boundary step = open;
    if (start < length && step != null) {
      steps.end(step);
      open = null;
    }
    client.write(bytes, start, length - start);
  }

  /** The length of a {@code 100 Continue} at the beginning, which is no answer yet. */
  private int interim(byte[] bytes, int length) {
    if (open == null || length <= STATUS_CLASS || bytes[STATUS_CLASS] != '1') {
      return 0;
    }
    String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    int end = text.indexOf(END_OF_HEAD);
    return end < 0 ? length : end + END_OF_HEAD.length();
  }
}
