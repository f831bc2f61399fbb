package dev.sluice.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Every hash that Sluice stores: SHA-256, written as 64 lower-case hexadecimal digits.
 *
 * <ul>
 *   <li>{@code raw_sha256}: of the uploaded bytes
 *   <li>{@code parsed_sha256}, {@code chunk_sha}, {@code embed_sha}: of the text's UTF-8 bytes
 *   <li>{@code vector_sha}: of the vector's components as little-endian float32
 * </ul>
 */
public final class Hashes {
  private Hashes() {}

  /** Of a text's UTF-8 bytes. */
  public static String ofText(String text) {
    return ofBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public static String ofBytes(byte[] bytes) {
    return HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
  }

  /** Of everything that the stream still gives; does not close it. */
  public static String ofStream(InputStream bytes) throws IOException {
    var digest = digest("SHA-256");
    var buffer = new byte[1 << 16];
    for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
      digest.update(buffer, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of a vector's components as little-endian float32, in order. */
  public static String ofVector(float[] vector) {
    var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return ofBytes(bytes.array());
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
