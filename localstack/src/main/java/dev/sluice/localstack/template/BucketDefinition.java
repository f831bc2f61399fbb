package dev.sluice.localstack.template;

import java.util.List;

/** One S3 bucket and the queues that hear of its objects. */
public record BucketDefinition(String logicalId, String name, List<Notification> notifications) {

  public BucketDefinition {
    notifications = List.copyOf(notifications);
  }

  /**
   * A message to a queue for each object created.
   *
   * @param id AWS's configuration id, which the event names
   * @param prefix of the keys; empty takes all
   * @param suffix of the keys; empty takes all
   */
  public record Notification(String id, String queueArn, String prefix, String suffix) {

    public boolean takes(String key) {
      return key.startsWith(prefix) && key.endsWith(suffix);
    }
  }
}
