package dev.sluice.localstack.lambda;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/** How an invocation ended, as Lambda's Invoke API tells it. */
public sealed interface InvocationResult {

  /** The JSON that a caller gets: the handler's result, or the error. */
  byte[] payload();

  /** The handler returned. */
  record Succeeded(byte[] payload) implements InvocationResult {}

  /**
   * The handler threw, ran too long, answered too much, or its process ended.
   *
   * @param type the exception's class, or a {@code Sandbox.…}, {@code Runtime.…} or {@code
   *     Function.…} kind
   * @param payload {@code {"errorType", "errorMessage", …}}
   */
  record Failed(String type, String message, byte[] payload) implements InvocationResult {

    /** A failure whose payload names type and message. */
    public static Failed of(String type, String message) {
      String json =
          "{\"errorType\":\"%s\",\"errorMessage\":\"%s\"}"
              .formatted(escaped(type), escaped(message));
      return new Failed(type, message, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String escaped(String text) {
      return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
  }
}
