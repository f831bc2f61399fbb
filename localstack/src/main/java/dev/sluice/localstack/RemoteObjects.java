package dev.sluice.localstack;

import dev.sluice.localstack.template.BucketDefinition;
import dev.sluice.localstack.template.BucketDefinition.Notification;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.FilterRuleName;
import software.amazon.awssdk.services.s3.model.NotificationConfigurationFilter;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;

/** Buckets on another server, which tells the template's queues of each new object by itself. */
final class RemoteObjects {
  private final S3Client client;

  RemoteObjects(S3Client client) {
    this.client = client;
  }

  /** The queues must be there: S3 tries them when it is told of them. */
  void define(List<BucketDefinition> buckets) {
    buckets.forEach(this::define);
  }

  private void define(BucketDefinition bucket) {
    try {
      client.createBucket(
          create ->
              create
                  .bucket(bucket.name())
                  .createBucketConfiguration(
                      where -> where.locationConstraint(BucketLocationConstraint.EU_WEST_1)));
    } catch (BucketAlreadyOwnedByYouException e) {
      // An earlier start has made it.
    }
    List<QueueConfiguration> queues =
        bucket.notifications().stream().map(RemoteObjects::configuration).toList();
    client.putBucketNotificationConfiguration(
        put ->
            put.bucket(bucket.name())
                .notificationConfiguration(all -> all.queueConfigurations(queues)));
  }

  private static QueueConfiguration configuration(Notification notification) {
    List<FilterRule> rules = new ArrayList<>();
    addRule(rules, FilterRuleName.PREFIX, notification.prefix());
    addRule(rules, FilterRuleName.SUFFIX, notification.suffix());
    return QueueConfiguration.builder()
        .id(notification.id())
        .queueArn(notification.queueArn())
        .events(Event.S3_OBJECT_CREATED)
        .filter(
            NotificationConfigurationFilter.builder().key(key -> key.filterRules(rules)).build())
        .build();
  }

  private static void addRule(List<FilterRule> rules, FilterRuleName name, String value) {
    if (!value.isEmpty()) {
      rules.add(FilterRule.builder().name(name).value(value).build());
    }
  }
}
