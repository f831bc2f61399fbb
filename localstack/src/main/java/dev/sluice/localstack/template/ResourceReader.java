package dev.sluice.localstack.template;

import dev.sluice.localstack.template.ApiDefinition.JwtAuthorizerDefinition;
import dev.sluice.localstack.template.ApiDefinition.Throttle;
import dev.sluice.localstack.template.BucketDefinition.Notification;
import dev.sluice.localstack.template.QueueDefinition.Redrive;
import dev.sluice.localstack.template.SecretDefinition.Generation;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads queues, buckets, secrets and the HTTP API. Limits and defaults are CloudFormation's. */
final class ResourceReader {
  private static final int TWELVE_HOURS = 43_200;
  private static final int FOUR_DAYS = 345_600;
  private static final int FOURTEEN_DAYS = 1_209_600;

  private ResourceReader() {}

  static QueueDefinition queue(String id, String name, String arn, Section properties) {
    properties.allow(
        Set.of(
            "QueueName",
            "VisibilityTimeout",
            "MessageRetentionPeriod",
            "DelaySeconds",
            "RedrivePolicy"),
        Set.of(
            "SqsManagedSseEnabled",
            "KmsMasterKeyId",
            "KmsDataKeyReusePeriodSeconds",
            "RedriveAllowPolicy",
            "Tags"));
    return new QueueDefinition(
        id,
        name,
        arn,
        properties.seconds("VisibilityTimeout", 30, 0, TWELVE_HOURS),
        properties.seconds("MessageRetentionPeriod", FOUR_DAYS, 60, FOURTEEN_DAYS),
        properties.seconds("DelaySeconds", 0, 0, 900),
        redrive(properties));
  }

  private static Optional<Redrive> redrive(Section properties) {
    if (!properties.has("RedrivePolicy")) {
      return Optional.empty();
    }
    Section policy = properties.section("RedrivePolicy");
    policy.allow(Set.of("deadLetterTargetArn", "maxReceiveCount"), Set.of());
    int receives = policy.number("maxReceiveCount", 10, 1, 1000);
    return Optional.of(new Redrive(policy.text("deadLetterTargetArn"), receives));
  }

  static BucketDefinition bucket(String id, String name, Section properties) {
    properties.allow(
        Set.of("BucketName", "NotificationConfiguration"),
        Set.of(
            "PublicAccessBlockConfiguration",
            "BucketEncryption",
            "OwnershipControls",
            "LifecycleConfiguration",
            "Tags"));
    Section notifications = properties.section("NotificationConfiguration");
    notifications.allow(Set.of("QueueConfigurations"), Set.of());
    List<Notification> targets =
        notifications.list("QueueConfigurations").stream()
            .map(ResourceReader::notification)
            .toList();
    return new BucketDefinition(id, name, targets);
  }

  private static Notification notification(Section configuration) {
    configuration.allow(Set.of("Event", "Filter", "Queue", "Id"), Set.of());
    String event = configuration.text("Event");
    if (!event.equals("s3:ObjectCreated:*")) {
      throw new TemplateException(configuration.place(), event + " is not emitted locally");
    }
    String prefix = "";
    String suffix = "";
    for (Section rule : configuration.section("Filter").section("S3Key").list("Rules")) {
      switch (rule.text("Name")) {
        case "prefix" -> prefix = rule.text("Value");
        case "suffix" -> suffix = rule.text("Value");
        default -> throw new TemplateException(rule.place(), "a rule is a prefix or a suffix");
      }
    }
    String queue = configuration.text("Queue");
    return new Notification(
        configuration.optionalText("Id").orElse("local"), queue, prefix, suffix);
  }

  static SecretDefinition secret(String id, String name, String arn, Section properties) {
    properties.allow(
        Set.of("Name", "SecretString", "GenerateSecretString"),
        Set.of("Description", "KmsKeyId", "Tags"));
    Optional<String> value = properties.optionalText("SecretString");
    Optional<Generation> generation =
        properties.has("GenerateSecretString")
            ? Optional.of(generation(properties.section("GenerateSecretString")))
            : Optional.empty();
    if (value.isPresent() == generation.isPresent()) {
      throw new TemplateException(
          properties.place(), "either SecretString or GenerateSecretString");
    }
    return new SecretDefinition(id, name, arn, value, generation);
  }

  private static Generation generation(Section properties) {
    properties.allow(
        Set.of("SecretStringTemplate", "GenerateStringKey", "PasswordLength", "ExcludePunctuation"),
        Set.of());
    return new Generation(
        properties.optionalText("SecretStringTemplate").orElse("{}"),
        properties.optionalText("GenerateStringKey").orElse(""),
        properties.number("PasswordLength", 32, 1, 4096),
        properties.flag("ExcludePunctuation", false));
  }

  static ApiDefinition api(String id, Section properties) {
    properties.allow(
        Set.of("Auth", "DefaultRouteSettings", "StageName"),
        Set.of("Name", "Description", "Tags", "FailOnWarnings", "AccessLogSettings"));
    if (!properties.optionalText("StageName").orElse("$default").equals("$default")) {
      throw new TemplateException(properties.place(), "only the stage $default is served locally");
    }
    return new ApiDefinition(id, authorizer(properties.section("Auth")), throttle(properties));
  }

  private static Optional<JwtAuthorizerDefinition> authorizer(Section auth) {
    auth.allow(Set.of("DefaultAuthorizer", "Authorizers"), Set.of());
    List<Section> authorizers = auth.section("Authorizers").sections();
    if (authorizers.size() > 1) {
      throw new TemplateException(auth.place(), "the local gateway knows one authorizer");
    }
    for (Section authorizer : authorizers) {
      if (!auth.text("DefaultAuthorizer").equals(authorizer.name())) {
        throw new TemplateException(
            auth.place(), "DefaultAuthorizer must name " + authorizer.name());
      }
    }
    return authorizers.stream().findFirst().map(ResourceReader::jwt);
  }

  private static JwtAuthorizerDefinition jwt(Section authorizer) {
    authorizer.allow(Set.of("IdentitySource", "JwtConfiguration"), Set.of());
    if (!authorizer.text("IdentitySource").equals("$request.header.Authorization")) {
      throw new TemplateException(
          authorizer.place(), "tokens are read from $request.header.Authorization");
    }
    Section jwt =
        authorizer.section("JwtConfiguration").allow(Set.of("issuer", "audience"), Set.of());
    return new JwtAuthorizerDefinition(
        authorizer.name(), jwt.text("issuer"), jwt.texts("audience"));
  }

  private static Optional<Throttle> throttle(Section properties) {
    if (!properties.has("DefaultRouteSettings")) {
      return Optional.empty();
    }
    Section settings = properties.section("DefaultRouteSettings");
    settings.allow(
        Set.of("ThrottlingBurstLimit", "ThrottlingRateLimit"), Set.of("DetailedMetricsEnabled"));
    int rate = settings.number("ThrottlingRateLimit", 10_000, 1, 1_000_000);
    return Optional.of(
        new Throttle(rate, settings.number("ThrottlingBurstLimit", 5_000, 1, 1_000_000)));
  }
}
