package dev.sluice.localstack.template;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a function and its events. Limits and defaults are Lambda's and SAM's. */
final class FunctionReader {
  private static final Set<String> RUN =
      Set.of(
          "FunctionName",
          "Description",
          "CodeUri",
          "Handler",
          "Runtime",
          "MemorySize",
          "Timeout",
          "Environment",
          "Events",
          "LoggingConfig",
          "PackageType",
          "ReservedConcurrentExecutions");

  /** Permissions, networks and tracing are not observable by a function on one machine. */
  private static final Set<String> IGNORED =
      Set.of(
          "Architectures",
          "Policies",
          "Role",
          "VpcConfig",
          "Tags",
          "Tracing",
          "SnapStart",
          "AutoPublishAlias",
          "RuntimeManagementConfig");

  private static final Set<String> METHODS =
      Set.of("ANY", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private static final Pattern RATE =
      Pattern.compile("rate\\(([1-9]\\d{0,4}) (minute|hour|day)s?\\)");
  private final Path folder;
  private final Optional<String> api;
  private final List<QueueTrigger> queues = new ArrayList<>();
  private final List<RouteTrigger> routes = new ArrayList<>();
  private final List<ScheduleTrigger> schedules = new ArrayList<>();

  FunctionReader(Path folder, Optional<String> api) {
    this.folder = folder;
    this.api = api;
  }

  FunctionDefinition read(String id, String name, Section properties) {
    properties.allow(RUN, IGNORED);
    demand(properties, "Runtime", "java25");
    properties
        .optionalText("PackageType")
        .ifPresent(type -> demand(properties, "PackageType", "Zip"));
    properties.section("Events").sections().forEach(this::readEvent);
    return new FunctionDefinition(
        id,
        name,
        properties.optionalText("Description").orElse(""),
        folder.resolve(properties.text("CodeUri")).normalize(),
        properties.text("Handler"),
        properties.number("MemorySize", 128, 128, 10_240),
        properties.seconds("Timeout", 3, 1, 900),
        environment(properties.section("Environment")),
        properties.section("LoggingConfig").optionalText("LogFormat").orElse("Text").equals("JSON"),
        properties.optionalNumber("ReservedConcurrentExecutions", 1, 1000),
        queues,
        routes,
        schedules);
  }

  private static Map<String, String> environment(Section environment) {
    environment.allow(Set.of("Variables"), Set.of());
    Section variables = environment.section("Variables");
    Map<String, String> result = new LinkedHashMap<>();
    variables.values().keySet().stream()
        .map(String::valueOf)
        .forEach(name -> result.put(name, variables.text(name)));
    return result;
  }

  private void readEvent(Section event) {
    event.allow(Set.of("Type", "Properties"), Set.of());
    Section properties = event.section("Properties");
    switch (event.text("Type")) {
      case "SQS" -> queues.add(queue(properties));
      case "HttpApi" -> routes.add(route(properties));
      case "ScheduleV2" -> schedules.add(schedule(event.name(), properties));
      default ->
          throw new TemplateException(
              event.place(), "events of type " + event.text("Type") + " are not run locally");
    }
  }

  private static QueueTrigger queue(Section properties) {
    properties.allow(
        Set.of(
            "Queue",
            "BatchSize",
            "MaximumBatchingWindowInSeconds",
            "FunctionResponseTypes",
            "ScalingConfig"),
        Set.of());
    List<String> responseTypes = properties.texts("FunctionResponseTypes");
    int batchSize = properties.number("BatchSize", 10, 1, 10_000);
    Duration window = properties.seconds("MaximumBatchingWindowInSeconds", 0, 0, 300);
    if (batchSize > 10 && window.isZero()) {
      throw new TemplateException(
          properties.place(),
          "a BatchSize over 10 needs a MaximumBatchingWindowInSeconds, as on AWS");
    }
    return new QueueTrigger(
        properties.text("Queue"),
        batchSize,
        window,
        responseTypes.contains("ReportBatchItemFailures"),
        properties.section("ScalingConfig").optionalNumber("MaximumConcurrency", 2, 1000));
  }

  private RouteTrigger route(Section properties) {
    properties.allow(Set.of("ApiId", "Method", "Path", "Auth", "PayloadFormatVersion"), Set.of());
    properties
        .optionalText("PayloadFormatVersion")
        .ifPresent(v -> demand(properties, "PayloadFormatVersion", "2.0"));
    if (api.isEmpty()) {
      throw new TemplateException(
          properties.place(), "the template has no AWS::Serverless::HttpApi");
    }
    String method = properties.optionalText("Method").orElse("ANY").toUpperCase(Locale.ROOT);
    if (!METHODS.contains(method)) {
      throw new TemplateException(
          properties.place() + ".Method", method + " is not an HTTP method");
    }
    Section auth = properties.section("Auth").allow(Set.of("Authorizer"), Set.of());
    boolean authorized = !auth.optionalText("Authorizer").orElse("").equals("NONE");
    return new RouteTrigger(method, properties.optionalText("Path").orElse("$default"), authorized);
  }

  private static ScheduleTrigger schedule(String name, Section properties) {
    properties.allow(
        Set.of("ScheduleExpression", "RetryPolicy"),
        Set.of("Description", "Name", "FlexibleTimeWindow"));
    Section retry =
        properties.section("RetryPolicy").allow(Set.of("MaximumRetryAttempts"), Set.of());
    Duration rate = rate(properties.place(), properties.text("ScheduleExpression"));
    return new ScheduleTrigger(name, rate, retry.number("MaximumRetryAttempts", 185, 0, 185));
  }

  private static Duration rate(String place, String expression) {
    Matcher match = RATE.matcher(expression);
    if (!match.matches()) {
      throw new TemplateException(
          place + ".ScheduleExpression",
          expression + " is not run locally; rate(N minutes|hours|days) is");
    }
    int count = Integer.parseInt(match.group(1));
    return switch (match.group(2)) {
      case "minute" -> Duration.ofMinutes(count);
      case "hour" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static void demand(Section section, String key, String value) {
    if (!section.text(key).equals(value)) {
      throw new TemplateException(
          section.place() + "." + key,
          "only %s is run locally, not %s".formatted(value, section.text(key)));
    }
  }
}
