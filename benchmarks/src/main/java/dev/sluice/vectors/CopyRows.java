package dev.sluice.vectors;

import dev.sluice.document.EmbeddingModel;
import dev.sluice.document.JobRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.copy.CopyIn;

/** Rows of the vector buffer in COPY's binary format, sent as they fill a buffer. */
final class CopyRows {
  private static final byte[] SIGNATURE =
      "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] MODEL = utf8(EmbeddingModel.DEFAULT.name());
  private static final byte[] VERSION = utf8(EmbeddingModel.DEFAULT.version());
  private static final short COLUMNS = 10;
  private static final int BUFFER = 1 << 18;

  /** More than a row of 1,536 components has. */
  private static final int LARGEST_ROW = 8_192;

  private final CopyIn copy;
  private final JobRef job;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

  CopyRows(CopyIn copy, JobRef job) {
    this.copy = copy;
    this.job = job;
    buffer.put(SIGNATURE).putInt(0).putInt(0);
  }

  void write(Sample sample) throws SQLException {
    if (buffer.remaining() < LARGEST_ROW) {
      send();
    }
    buffer.putShort(COLUMNS);
    put(sample.chunkId());
    buffer.putInt(Integer.BYTES).putInt(job.generation());
    put(job.userId());
    put(job.documentId());
    put(utf8(sample.embedSha()));
    put(MODEL);
    put(VERSION);
    put(sample.vector());
    put(utf8(sample.vectorSha()));
    put(job.jobId());
  }

  void end() throws SQLException {
    buffer.putShort((short) -1);
    send();
    copy.endCopy();
  }

  private void send() throws SQLException {
    copy.writeToCopy(buffer.array(), 0, buffer.position());
    buffer.clear();
  }

  private void put(UUID id) {
    buffer.putInt(2 * Long.BYTES);
    buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private void put(byte[] text) {
    buffer.putInt(text.length).put(text);
  }

  private void put(float[] vector) {
    int size = vector.length * Float.BYTES;
    buffer.putInt(2 * Short.BYTES + size).putShort((short) vector.length).putShort((short) 0);
    buffer.asFloatBuffer().put(vector);
    buffer.position(buffer.position() + size);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
