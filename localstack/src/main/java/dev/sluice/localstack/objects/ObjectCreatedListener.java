package dev.sluice.localstack.objects;

/** Takes notifications: each at least once, in no particular order, from one thread at a time. */
@FunctionalInterface
public interface ObjectCreatedListener {
  /**
   * Whatever is thrown, the notification comes again a second later, in this process or the next
   * one.
   */
  void created(ObjectCreated event) throws Exception;
}
