package dev.sluice.postgres;

import com.pgvector.PGvector;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * A parameter of type {@code vector[]}, which the driver does not know. It goes to the server in
 * binary: PostgreSQL's form of an array around pgvector's of each vector. It is never read.
 */
public final class VectorArray extends PGobject implements PGBinaryObject {
  private static final String TYPE = "_vector";
  private static final String ELEMENT_TYPE = "vector";

  /** Dimensions, flags, element type, length and lower bound. */
  private static final int HEAD = 5 * Integer.BYTES;

  private final byte[] bytes;

  private VectorArray(byte[] bytes) {
    setType(TYPE);
    this.bytes = bytes;
  }

  /** Makes the type known to the connection: only then does it send it in binary. */
  public static VectorArray of(Connection connection, List<PGvector> vectors) throws SQLException {
    var driver = connection.unwrap(BaseConnection.class);
    driver.addDataType(TYPE, VectorArray.class);
    return new VectorArray(encode(driver.getTypeInfo().getPGType(ELEMENT_TYPE), vectors));
  }

  private static byte[] encode(int elementType, List<PGvector> vectors) {
    int size = vectors.stream().mapToInt(vector -> Integer.BYTES + vector.lengthInBytes()).sum();
    var array = ByteBuffer.allocate(HEAD + size);
    array.putInt(1).putInt(0).putInt(elementType).putInt(vectors.size()).putInt(1);
    for (var vector : vectors) {
      array.putInt(vector.lengthInBytes());
      vector.toBytes(array.array(), array.position());
      array.position(array.position() + vector.lengthInBytes());
    }
    return array.array();
  }

  @Override
  public int lengthInBytes() {
    return bytes.length;
  }

  @Override
  public void toBytes(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  @Override
  public void setByteValue(byte[] value, int offset) {
    throw new UnsupportedOperationException("vector[] is sent, not read");
  }

  /** The driver asks for the text where binary is switched off; null would store nothing. */
  @Override
  public String getValue() {
    throw new UnsupportedOperationException("vector[] is sent in binary alone");
  }
}
