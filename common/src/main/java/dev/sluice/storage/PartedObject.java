package dev.sluice.storage;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object that is written while its length is not known: a part at a time goes to S3, and only
 * the part that fills up is held. One that fits into a part is put at once. There is no object, old
 * one included, until {@link #finish()}. An upload that was neither finished nor aborted, since its
 * function died or was never told its id, goes when the object is written or deleted, or by the
 * bucket's own rule.
 */
final class PartedObject extends OutputStream {
  /** S3 takes 5 MiB at least, but of the last part. */
  static final int PART_BYTES = 8 << 20;

  private final S3Client s3;
  private final String bucket;
  private final String key;
  private final String contentType;
  private final byte[] part = new byte[PART_BYTES];
  private final List<CompletedPart> sent = new ArrayList<>();
  private int filled;
  private @Nullable String uploadId;

  PartedObject(S3Client s3, String bucket, String key, String contentType) {
    this.s3 = s3;
    this.bucket = bucket;
    this.key = key;
    this.contentType = contentType;
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      if (filled == PART_BYTES) {
        sendPart();
      }
      int some = Math.min(end - from, PART_BYTES - filled);
      System.arraycopy(bytes, from, part, filled, some);
      filled += some;
      from += some;
    }
  }

  /** Makes the object of all that was written. */
  void finish() {
    if (uploadId == null) {
      s3.putObject(
          request -> request.bucket(bucket).key(key).contentType(contentType), filledPart());
      return;
    }
    sendPart();
    s3.completeMultipartUpload(
        request ->
            request
                .bucket(bucket)
                .key(key)
                .uploadId(uploadId)
                .multipartUpload(upload -> upload.parts(sent)));
    forgetUnfinished(s3, bucket, key);
  }

  /** Leaves nothing of what was written. */
  void abort() {
    if (uploadId != null) {
      s3.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(uploadId));
    }
  }

  /** Frees what uploads of the object hold that will never be finished. */
  static void forgetUnfinished(S3Client s3, String bucket, String key) {
    s3.listMultipartUploads(request -> request.bucket(bucket).prefix(key)).uploads().stream()
        .filter(upload -> upload.key().equals(key))
        .forEach(
            upload ->
                s3.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(upload.uploadId())));
  }

  private void sendPart() {
    var upload = begun();
    int number = sent.size() + 1;
    var answer =
        s3.uploadPart(
            request -> request.bucket(bucket).key(key).uploadId(upload).partNumber(number),
            filledPart());
    sent.add(CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build());
    filled = 0;
  }

  private String begun() {
    var known = uploadId;
    if (known == null) {
      forgetUnfinished(s3, bucket, key);
      known =
          s3.createMultipartUpload(
                  request -> request.bucket(bucket).key(key).contentType(contentType))
              .uploadId();
      uploadId = known;
    }
    return known;
  }

  /** The bytes themselves, not a copy of them. */
  private RequestBody filledPart() {
    int length = filled;
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(part, 0, length), length, contentType);
  }
}
