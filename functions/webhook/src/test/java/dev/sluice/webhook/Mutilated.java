package dev.sluice.webhook;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bodies that are nearly right, or JSON of no sense, or no JSON. The same seed gives the same. */
final class Mutilated {
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "\\u0000",
          "\\ud800",
          "null",
          "true",
          "-",
          "1e999",
          "1795496400.5",
          "\"event_id\"",
          "\"event_type\"",
          "\"timestamp\"",
          "\"data\"",
          "\"job_id\"",
          "\"e-1\"",
          "\"parse.success\"",
          "\"pjb-1\"",
          "{}",
          "[[",
          " ",
          "\u0000",
          "\ufeff",
          "é",
          "\ud83d\ude00");

  private final Random random;
  private final byte[] genuine;

  Mutilated(long seed, String genuine) {
    this.random = new Random(seed);
    this.genuine = genuine.getBytes(StandardCharsets.UTF_8);
  }

  byte[] next() {
    return switch (random.nextInt(5)) {
      case 0 -> flipped();
      case 1 -> spliced();
      case 2 -> cut();
      case 3 -> pieces();
      default -> noise();
    };
  }

  private byte[] flipped() {
    var body = genuine.clone();
    for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
    }
    return body;
  }

  private byte[] spliced() {
    var text = new StringBuilder(new String(genuine, StandardCharsets.UTF_8));
    for (int cuts = 1 + random.nextInt(3); cuts > 0; cuts--) {
      int from = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), from + random.nextInt(12));
      text.replace(from, to, piece());
    }
    return bytes(text);
  }

  private byte[] cut() {
    return Arrays.copyOf(genuine, random.nextInt(genuine.length));
  }

  private byte[] pieces() {
    var text = new StringBuilder();
    for (int count = random.nextInt(30); count > 0; count--) {
      text.append(piece());
    }
    return bytes(text);
  }

  private byte[] noise() {
    var body = new byte[random.nextInt(200)];
    random.nextBytes(body);
    return body;
  }

  private String piece() {
    return PIECES.get(random.nextInt(PIECES.size()));
  }

  private static byte[] bytes(StringBuilder text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
