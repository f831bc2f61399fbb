package dev.sluice.storage;

import dev.sluice.document.StoragePath;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The documents' bucket, in functions that are given one: Lambda makes every bean at its start. */
@Singleton
@Requires(property = "sluice.documents-bucket")
public final class DocumentStorage {
  private final S3Client s3;
  private final S3Presigner presigner;
  private final String bucket;

  DocumentStorage(
      S3Client s3,
      S3Presigner presigner,
      @Property(name = "sluice.documents-bucket") String bucket) {
    this.s3 = s3;
    this.presigner = presigner;
    this.bucket = bucket;
  }

  /**
   * Opens the object; the caller closes it.
   *
   * @throws NoSuchKeyException if there is none
   */
  public InputStream open(StoragePath path) {
    return s3.getObject(request -> request.bucket(bucket).key(path.key()));
  }

  /** Size in bytes, or null if there is no such object. */
  public @Nullable Long size(StoragePath path) {
    try {
      return s3.headObject(request -> request.bucket(bucket).key(path.key())).contentLength();
    } catch (NoSuchKeyException e) {
      return null;
    }
  }

  /** Writes a whole object; S3 shows either the old one or the new one, never a part. */
  public void put(StoragePath path, byte[] bytes, String contentType) {
    s3.putObject(
        request -> request.bucket(bucket).key(path.key()).contentType(contentType),
        RequestBody.fromBytes(bytes));
  }

  /** As {@link #put(StoragePath, byte[], String)}, from a file. */
  public void put(StoragePath path, Path file, String contentType) {
    s3.putObject(
        request -> request.bucket(bucket).key(path.key()).contentType(contentType),
        RequestBody.fromFile(file));
  }

  /** Writes an object's content, little by little. */
  @FunctionalInterface
  public interface Content<T> {
    T writeTo(OutputStream object) throws IOException;
  }

  /**
   * As {@link #put(StoragePath, byte[], String)}, of any length, of which a part is held at a time.
   *
   * @return what the content's writer returned
   * @throws IOException what the content's writer threw; there is no new object then
   */
  public <T> T put(StoragePath path, String contentType, Content<T> content) throws IOException {
    var object = new PartedObject(s3, bucket, path.key(), contentType);
    try {
      var written = content.writeTo(object);
      object.finish();
      return written;
    } catch (IOException | RuntimeException e) {
      abort(object, e);
      throw e;
    }
  }

  private static void abort(PartedObject object, Exception why) {
    try {
      object.abort();
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    }
  }

  /**
   * Copies an object inside the bucket, without its bytes passing through here. Returns whether
   * there was one.
   */
  public boolean copy(StoragePath from, StoragePath to) {
    try {
      s3.copyObject(
          request ->
              request
                  .sourceBucket(bucket)
                  .sourceKey(from.key())
                  .destinationBucket(bucket)
                  .destinationKey(to.key()));
      return true;
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  /** Deletes an object, and parts of it that were never put together; nothing if there is none. */
  public void delete(StoragePath path) {
    if (path.isParserResult()) {
      PartedObject.forgetUnfinished(s3, bucket, path.key());
    }
    s3.deleteObject(request -> request.bucket(bucket).key(path.key()));
  }

  /** A URL that reads the object until it expires. */
  public String readUrl(StoragePath path, Duration validFor) {
    return presigner
        .presignGetObject(
            presign ->
                presign
                    .signatureDuration(validFor)
                    .getObjectRequest(request -> request.bucket(bucket).key(path.key())))
        .url()
        .toString();
  }

  /**
   * A PUT of exactly these bytes: size, type and checksum are signed, and S3 refuses it once the
   * object is there, so that bytes cannot change under a job.
   *
   * @param sha256 lower-case hex
   */
  public PresignedUpload presignUpload(
      StoragePath path, String contentType, long bytes, String sha256, Duration validFor) {
    var checksum = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256));
    var presigned =
        presigner.presignPutObject(
            presign ->
                presign
                    .signatureDuration(validFor)
                    .putObjectRequest(
                        request ->
                            request
                                .bucket(bucket)
                                .key(path.key())
                                .contentType(contentType)
                                .contentLength(bytes)
                                .checksumSHA256(checksum)
                                .ifNoneMatch("*")));
    var headers = new TreeMap<String, String>();
    presigned.signedHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    // The client's own library writes it from the URL.
    headers.remove("host");
    return new PresignedUpload(presigned.url().toString(), headers, presigned.expiration());
  }
}
