package dev.sluice.localstack.objects;

import java.nio.file.Path;

/**
 * A notification that is owed, if the write that it speaks of has succeeded.
 *
 * @param file where it is noted
 */
record PendingEvent(Path file, String eventName, String bucket, String key) {}
