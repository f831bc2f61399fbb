package dev.sluice.localstack.template;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Resolves the names of one template to local values. */
final class TemplateReferences implements References {
  /** The id of the one HTTP API; it only appears in host names that the gateway replaces. */
  private static final String API_ID = "localcloud";

  private final LocalNames names;
  private final Map<?, ?> resources;
  private final Map<?, ?> conditions;
  private final Map<String, Object> parameters;
  private final Intrinsics intrinsics = new Intrinsics(this);
  private final Set<String> open = new HashSet<>();

  TemplateReferences(LocalNames names, Map<?, ?> root) {
    this.names = names;
    this.resources = section(root, "Resources");
    this.conditions = section(root, "Conditions");
    this.parameters = parameters(section(root, "Parameters"), names.parameters());
  }

  static Map<?, ?> section(Map<?, ?> map, String key) {
    Object value = map.get(key);
    if (value == null) {
      return Map.of();
    }
    if (value instanceof Map<?, ?> section) {
      return section;
    }
    throw new TemplateException(key, "a mapping is expected here");
  }

  Intrinsics intrinsics() {
    return intrinsics;
  }

  @Override
  public Object ref(String place, String name) {
    Object parameter = parameters.get(name);
    if (parameter != null) {
      return parameter;
    }
    return name.startsWith("AWS::") ? pseudoParameter(place, name) : resourceReference(place, name);
  }

  private Object pseudoParameter(String place, String name) {
    return switch (name) {
      case "AWS::StackName" -> names.stackName();
      case "AWS::AccountId" -> names.accountId();
      case "AWS::Region" -> names.region();
      case "AWS::Partition" -> "aws";
      case "AWS::URLSuffix" -> "amazonaws.com";
      case "AWS::NoValue" -> NO_VALUE;
      default -> throw new TemplateException(place, name + " is not supported locally");
    };
  }

  private String resourceReference(String place, String logicalId) {
    return switch (type(place, logicalId)) {
      case "AWS::SQS::Queue" -> names.queueUrl(resourceName(logicalId));
      case "AWS::S3::Bucket", "AWS::Serverless::Function" -> resourceName(logicalId);
      case "AWS::SecretsManager::Secret" -> names.secretArn(resourceName(logicalId));
      case "AWS::Serverless::HttpApi" -> API_ID;
      default ->
          throw new TemplateException(place, "Ref " + logicalId + " is not supported locally");
    };
  }

  @Override
  public String attribute(String place, String logicalId, String attribute) {
    String type = type(place, logicalId);
    return switch (type + "." + attribute) {
      case "AWS::SQS::Queue.Arn" -> names.queueArn(resourceName(logicalId));
      case "AWS::SQS::Queue.QueueName" -> resourceName(logicalId);
      case "AWS::SQS::Queue.QueueUrl" -> names.queueUrl(resourceName(logicalId));
      case "AWS::S3::Bucket.Arn" -> "arn:aws:s3:::" + resourceName(logicalId);
      case "AWS::SecretsManager::Secret.Id" -> names.secretArn(resourceName(logicalId));
      case "AWS::Serverless::Function.Arn" ->
          "arn:aws:lambda:%s:%s:function:%s"
              .formatted(names.region(), names.accountId(), resourceName(logicalId));
      case "AWS::Serverless::HttpApi.ApiEndpoint" -> names.api().toString();
      default ->
          throw new TemplateException(
              place, "GetAtt %s.%s is not supported locally".formatted(logicalId, attribute));
    };
  }

  /** The name that the template gives a resource, or one made from its logical id. */
  String resourceName(String logicalId) {
    Map<?, ?> resource = section(resources, logicalId);
    Map<?, ?> properties = section(resource, "Properties");
    String place = "Resources." + logicalId;
    String key =
        switch (type(place, logicalId)) {
          case "AWS::SQS::Queue" -> "QueueName";
          case "AWS::S3::Bucket" -> "BucketName";
          case "AWS::Serverless::Function" -> "FunctionName";
          default -> "Name";
        };
    Object name = properties.get(key);
    if (name == null) {
      return defaultName(logicalId);
    }
    if (!open.add(logicalId)) {
      throw new TemplateException(place, "its name refers to itself");
    }
    try {
      return intrinsics.text(place + "." + key, name);
    } finally {
      open.remove(logicalId);
    }
  }

  private static String defaultName(String logicalId) {
    String stem =
        logicalId.endsWith("Function") ? logicalId.substring(0, logicalId.length() - 8) : logicalId;
    return stem.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  private String type(String place, String logicalId) {
    if (resources.get(logicalId) instanceof Map<?, ?> resource) {
      return String.valueOf(resource.get("Type"));
    }
    throw new TemplateException(place, "nothing is called " + logicalId);
  }

  @Override
  public boolean condition(String place, String name) {
    Object condition = conditions.get(name);
    if (condition == null) {
      throw new TemplateException(place, "no condition is called " + name);
    }
    if (!open.add("Conditions." + name)) {
      throw new TemplateException("Conditions." + name, "it refers to itself");
    }
    try {
      return intrinsics.condition("Conditions." + name, condition);
    } finally {
      open.remove("Conditions." + name);
    }
  }

  @Override
  public String substituted(String text) {
    return names.localized(text, API_ID);
  }

  private static Map<String, Object> parameters(Map<?, ?> declared, Map<String, String> given) {
    for (String name : given.keySet()) {
      if (!declared.containsKey(name)) {
        throw new TemplateException("Parameters", "no parameter is called " + name);
      }
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Object key : declared.keySet()) {
      String name = String.valueOf(key);
      values.put(name, parameter(name, section(declared, name), given));
    }
    return values;
  }

  private static Object parameter(String name, Map<?, ?> declaration, Map<String, String> given) {
    String place = "Parameters." + name;
    Object fallback = declaration.get("Default");
    String value =
        given.containsKey(name) ? given.get(name) : fallback == null ? null : fallback.toString();
    if (value == null) {
      throw new TemplateException(place, "it has no default and no value was given");
    }
    if (declaration.get("AllowedValues") instanceof List<?> allowed
        && allowed.stream().map(String::valueOf).noneMatch(value::equals)) {
      throw new TemplateException(place, "'%s' is none of %s".formatted(value, allowed));
    }
    return switch (String.valueOf(declaration.get("Type"))) {
      case "String", "Number" -> value;
      case "CommaDelimitedList" -> Arrays.asList(value.split(",", -1));
      case String other ->
          throw new TemplateException(place, "type " + other + " is not supported locally");
    };
  }
}
