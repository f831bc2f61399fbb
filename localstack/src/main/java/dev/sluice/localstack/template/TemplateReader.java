package dev.sluice.localstack.template;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an AWS SAM template into what the local cloud runs. */
public final class TemplateReader {
  private static final Set<String> RESOURCE_KEYS =
      Set.of(
          "Type",
          "Properties",
          "Condition",
          "DependsOn",
          "DeletionPolicy",
          "UpdateReplacePolicy",
          "Metadata");

  /** Permissions are AWS's to enforce: the local servers let every function in. */
  private static final Set<String> WITHOUT_LOCAL_EFFECT =
      Set.of(
          "AWS::SQS::QueuePolicy",
          "AWS::S3::BucketPolicy",
          "AWS::IAM::Role",
          "AWS::IAM::ManagedPolicy",
          "AWS::Logs::LogGroup",
          "AWS::CloudWatch::Alarm",
          "AWS::CloudWatch::Dashboard");

  private final Path folder;
  private final Map<?, ?> root;
  private final TemplateReferences references;
  private final List<FunctionDefinition> functions = new ArrayList<>();
  private final List<QueueDefinition> queues = new ArrayList<>();
  private final List<BucketDefinition> buckets = new ArrayList<>();
  private final List<SecretDefinition> secrets = new ArrayList<>();
  private final List<ApiDefinition> apis = new ArrayList<>();

  private TemplateReader(Path folder, Map<?, ?> root, LocalNames names) {
    this.folder = folder;
    this.root = root;
    this.references = new TemplateReferences(names, root);
  }

  /**
   * Reads the template in the file; a function's CodeUri is relative to it.
   *
   * @throws TemplateException if the local cloud could not run it as AWS would
   */
  public static CloudTemplate read(Path file, LocalNames names) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new TemplateException(file.toString(), "it is a folder");
    }
    return read(Files.readString(file, StandardCharsets.UTF_8), folder, names);
  }

  static CloudTemplate read(String text, Path folder, LocalNames names) {
    return new TemplateReader(folder, TaggedYaml.read(text), names).read();
  }

  private CloudTemplate read() {
    new Section("the document", root)
        .allow(
            Set.of("Transform", "Parameters", "Conditions", "Globals", "Resources", "Outputs"),
            Set.of("AWSTemplateFormatVersion", "Description", "Metadata"));
    Map<?, ?> resources = TemplateReferences.section(root, "Resources");
    resources.forEach((id, resource) -> readResource(String.valueOf(id), resource));
    if (apis.size() > 1) {
      throw new TemplateException(
          "Resources", "the local gateway serves one HTTP API, not " + apis.size());
    }
    return new CloudTemplate(
        functions, queues, buckets, secrets, apis.stream().findFirst(), outputs());
  }

  private void readResource(String id, Object value) {
    String place = "Resources." + id;
    if (!(value instanceof Map<?, ?> resource)) {
      throw new TemplateException(place, "a mapping is expected here");
    }
    new Section(place, resource).allow(RESOURCE_KEYS, Set.of());
    Object condition = resource.get("Condition");
    if (condition != null && !references.condition(place, condition.toString())) {
      return;
    }
    String type = String.valueOf(resource.get("Type"));
    if (WITHOUT_LOCAL_EFFECT.contains(type)) {
      return;
    }
    Section properties = properties(place, type, resource);
    String name = references.resourceName(id);
    switch (type) {
      case "AWS::Serverless::Function" ->
          functions.add(new FunctionReader(folder, apiId()).read(id, name, properties));
      case "AWS::Serverless::HttpApi" -> apis.add(ResourceReader.api(id, properties));
      case "AWS::SQS::Queue" ->
          queues.add(
              ResourceReader.queue(id, name, references.attribute(place, id, "Arn"), properties));
      case "AWS::S3::Bucket" -> buckets.add(ResourceReader.bucket(id, name, properties));
      case "AWS::SecretsManager::Secret" ->
          secrets.add(
              ResourceReader.secret(id, name, references.attribute(place, id, "Id"), properties));
      default -> throw new TemplateException(place, type + " is not supported locally");
    }
  }

  private Section properties(String place, String type, Map<?, ?> resource) {
    Map<?, ?> own = TemplateReferences.section(resource, "Properties");
    Map<?, ?> merged = merge(globals(type), own);
    String where = place + ".Properties";
    if (references.intrinsics().evaluate(where, merged) instanceof Map<?, ?> map) {
      return new Section(where, map);
    }
    throw new TemplateException(where, "a mapping is expected here");
  }

  private Map<?, ?> globals(String type) {
    Map<?, ?> globals = TemplateReferences.section(root, "Globals");
    new Section("Globals", globals).allow(Set.of("Function", "HttpApi"), Set.of());
    return switch (type) {
      case "AWS::Serverless::Function" -> TemplateReferences.section(globals, "Function");
      case "AWS::Serverless::HttpApi" -> TemplateReferences.section(globals, "HttpApi");
      default -> Map.of();
    };
  }

  /** As SAM merges: mappings by key, lists end to end, everything else replaced. */
  private static Map<Object, @Nullable Object> merge(Map<?, ?> globals, Map<?, ?> own) {
    Map<Object, @Nullable Object> merged = new LinkedHashMap<>(globals);
    own.forEach((key, value) -> merged.put(key, mergeValues(globals.get(key), value)));
    return merged;
  }

  private static @Nullable Object mergeValues(@Nullable Object global, @Nullable Object own) {
    if (global instanceof Map<?, ?> left && own instanceof Map<?, ?> right) {
      return merge(left, right);
    }
    if (global instanceof List<?> left && own instanceof List<?> right) {
      List<Object> both = new ArrayList<>(left);
      both.addAll(right);
      return both;
    }
    return own;
  }

  /** The logical id of the HTTP API, which a route may name. */
  private Optional<String> apiId() {
    return TemplateReferences.section(root, "Resources").entrySet().stream()
        .filter(
            entry ->
                entry.getValue() instanceof Map<?, ?> resource
                    && "AWS::Serverless::HttpApi".equals(resource.get("Type")))
        .map(entry -> String.valueOf(entry.getKey()))
        .findFirst();
  }

  private Map<String, String> outputs() {
    Map<String, String> values = new LinkedHashMap<>();
    Map<?, ?> declared = TemplateReferences.section(root, "Outputs");
    for (Object name : declared.keySet()) {
      String place = "Outputs." + name;
      Object value = TemplateReferences.section(declared, String.valueOf(name)).get("Value");
      if (value == null) {
        throw new TemplateException(place, "Value is missing");
      }
      values.put(String.valueOf(name), references.intrinsics().text(place, value));
    }
    return values;
  }
}
