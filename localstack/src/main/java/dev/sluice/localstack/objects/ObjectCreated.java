package dev.sluice.localstack.objects;

/**
 * An object is there, whole.
 *
 * @param eventName as S3 names it, such as {@code ObjectCreated:Put}
 * @param key as the client wrote it: the S3 event carries it URL-encoded
 * @param etag without quotes
 */
public record ObjectCreated(
    String eventName, String bucket, String key, long sizeBytes, String etag) {}
