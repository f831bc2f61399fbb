package dev.sluice.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** What must hold of template.yaml wherever it runs. */
class TemplateRulesTest {
  private static final Map<String, Object> TEMPLATE = read();
  private static final Map<String, Map<String, Object>> RESOURCES = resources();
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)[}:]");

  /** What Lambda itself sets. */
  private static final Set<String> LAMBDA_SETS = Set.of("AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION");

  static List<String> functions() {
    return Repository.FUNCTIONS;
  }

  static List<String> queues() {
    return RESOURCES.keySet().stream().filter(name -> name.endsWith("Queue")).toList();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theHandlerExists(String function) throws ClassNotFoundException {
    var handler = (String) properties(resource(function)).get("Handler");
    assertThat(Class.forName(handler, false, getClass().getClassLoader())).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theEnvironmentNamesExactlyWhatTheCodeReads(String function) throws IOException {
    var read = new TreeSet<String>();
    read.addAll(
        placeholders("functions/" + function + "/src/main/resources/application.properties"));
    read.addAll(placeholders("common/src/main/resources/application-function.properties"));
    read.removeAll(LAMBDA_SETS);
    var given =
        new TreeSet<>(at(properties(resource(function)), "Environment", "Variables").keySet());
    assertThat(given).isEqualTo(read);
  }

  @ParameterizedTest
  @MethodSource("queues")
  void aQueueHidesAMessageForSixTimeoutsAndKeepsWhatFails(String queue) {
    var stage = queue.substring(0, queue.length() - "Queue".length());
    var properties = properties(queue);
    int timeout = (int) properties(stage + "Function").get("Timeout");
    assertThat((int) properties.get("VisibilityTimeout")).isGreaterThanOrEqualTo(6 * timeout);
    assertThat(at(properties, "RedrivePolicy"))
        .containsEntry("maxReceiveCount", 12)
        .containsEntry("deadLetterTargetArn", "!GetAtt " + stage + "DeadLetters.Arn");
    assertThat(RESOURCES).containsKey(stage + "DeadLetters");
  }

  /**
   * What is cut off in the middle of a call is perhaps paid, and done again: of a function's time
   * so much is left beside its longest call that it can also claim its work and store what came of
   * it.
   */
  @ParameterizedTest
  @CsvSource({"embed, openai, 15", "api, openai, 15", "parse, llamaparse, 20"})
  void aFunctionOutlivesItsLongestCall(String function, String service, int beside) {
    int timeout = (int) properties(resource(function)).get("Timeout");
    assertThat(timeout).isGreaterThanOrEqualTo(seconds(function, service, "request") + beside);
    assertThat(seconds(function, service, "read"))
        .isLessThanOrEqualTo(seconds(function, service, "request"));
  }

  private static int seconds(String function, String service, String kind) {
    var properties = new Properties();
    try (var text =
        Files.newBufferedReader(
            Repository.ROOT.resolve(
                "functions/" + function + "/src/main/resources/application.properties"))) {
      properties.load(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var name = "micronaut.http.services." + service + "." + kind + "-timeout";
    return Integer.parseInt(properties.getProperty(name, "missing").replaceAll("s$", ""));
  }

  @Test
  void everyQueueEventReportsItsFailuresOneByOne() {
    int seen = 0;
    for (var function : Repository.FUNCTIONS) {
      for (var event : at(properties(resource(function)), "Events").values()) {
        @SuppressWarnings("unchecked")
        var typed = (Map<String, Object>) event;
        if (typed.get("Type").equals("SQS")) {
          seen++;
          var properties = at(typed, "Properties");
          assertThat(properties)
              .as(function)
              .containsEntry("FunctionResponseTypes", List.of("ReportBatchItemFailures"));
          assertThat((int) at(properties, "ScalingConfig").get("MaximumConcurrency"))
              .isBetween(2, 1000);
        }
      }
    }
    assertThat(seen).isEqualTo(5);
  }

  @Test
  void noPermissionIsAWildcard() {
    var actions = new ArrayList<String>();
    var resources = new ArrayList<String>();
    collect(TEMPLATE, "Action", actions);
    collect(RESOURCES, "Resource", resources);
    assertThat(actions).isNotEmpty().noneMatch(action -> action.contains("*"));
    // A prefix of one bucket is as narrow as S3's objects can be named.
    assertThat(resources)
        .isNotEmpty()
        .allMatch(
            r -> !r.contains("*") || r.matches("!Sub \\$\\{Documents\\.Arn}/(raw|parsed)/\\*"));
  }

  @Test
  void everyFunctionHasItsOwnDatabaseRole() {
    for (var function : Repository.FUNCTIONS) {
      var secret = at(properties(capitalised(function) + "DatabaseSecret"), "GenerateSecretString");
      assertThat((String) secret.get("SecretStringTemplate"))
          .contains("\"sluice_" + function + "\"");
    }
  }

  private static Set<String> placeholders(String path) throws IOException {
    var names = new TreeSet<String>();
    if (Files.exists(Repository.ROOT.resolve(path))) {
      PLACEHOLDER.matcher(Repository.text(path)).results().forEach(m -> names.add(m.group(1)));
    }
    return names;
  }

  private static String resource(String function) {
    return capitalised(function) + "Function";
  }

  private static String capitalised(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static Map<String, Object> properties(String resource) {
    return at(RESOURCES.get(resource), "Properties");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> at(Map<String, Object> map, String... path) {
    var current = map;
    for (var key : path) {
      assertThat(current).containsKey(key);
      current = (Map<String, Object>) current.get(key);
    }
    return current;
  }

  private static void collect(Object node, String key, List<String> into) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) -> {
            if (name.equals(key)) {
              into.addAll(
                  value instanceof List<?> many
                      ? many.stream().map(Object::toString).toList()
                      : List.of(value.toString()));
            }
            collect(value, key, into);
          });
    } else if (node instanceof List<?> many) {
      many.forEach(item -> collect(item, key, into));
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Map<String, Object>> resources() {
    return new LinkedHashMap<>((Map<String, Map<String, Object>>) TEMPLATE.get("Resources"));
  }

  private static Map<String, Object> read() {
    return new Yaml(new Intrinsics()).load(Repository.text("template.yaml"));
  }

  /** Reads {@code !Ref X} and its kin as the text {@code "!Ref X"}. */
  private static final class Intrinsics extends SafeConstructor {
    Intrinsics() {
      super(new LoaderOptions());
      yamlMultiConstructors.put(
          "!",
          new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
              return switch (node) {
                case ScalarNode scalar -> node.getTag().getValue() + " " + scalar.getValue();
                case SequenceNode sequence ->
                    node.getTag().getValue() + " " + constructSequence(sequence);
                case MappingNode mapping ->
                    node.getTag().getValue() + " " + constructMapping(mapping);
                default -> node.getTag().getValue();
              };
            }
          });
    }
  }
}
