package dev.sluice.localstack.objects;

import java.io.InputStream;
import java.util.function.Supplier;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Owes a notification for each write that succeeds; a refused one owes nothing. */
final class NotifyingBlobStore extends ForwardingBlobStore {
  /** Objects in which the server keeps its place during a multipart upload. */
  private static final String SERVERS_OWN = ".s3proxy-";

  private final EventJournal journal;
  private final EventDelivery delivery;

  NotifyingBlobStore(BlobStore store, EventJournal journal, EventDelivery delivery) {
    super(store);
    this.journal = journal;
    this.delivery = delivery;
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
    return announced(
        "ObjectCreated:Put",
        request.bucket(),
        request.key(),
        () -> super.putBlob(request, content));
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    return announced(
        "ObjectCreated:Copy",
        request.destinationBucket(),
        request.destinationKey(),
        () -> super.copyBlob(request));
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    return announced(
        "ObjectCreated:CompleteMultipartUpload",
        request.bucket(),
        request.key(),
        () -> super.completeMultipartUpload(upload, request));
  }

  private <T> T announced(String eventName, String bucket, String key, Supplier<T> write) {
    if (key.startsWith(SERVERS_OWN)) {
      return write.get();
    }
    PendingEvent event = journal.note(eventName, bucket, key);
    T written;
    try {
      written = write.get();
    } catch (RuntimeException e) {
      journal.crossOut(event);
      throw e;
    }
    delivery.deliver(event);
    return written;
  }
}
