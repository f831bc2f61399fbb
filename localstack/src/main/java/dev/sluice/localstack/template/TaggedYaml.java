package dev.sluice.localstack.template;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** YAML in which CloudFormation's short tags ({@code !Sub …}) become their long form. */
final class TaggedYaml extends SafeConstructor {
  private static final Set<String> TAGS =
      Set.of("Sub", "GetAtt", "If", "Not", "Equals", "And", "Or", "Join", "Select", "Split");
  private static final Set<String> BARE_TAGS = Set.of("Ref", "Condition");

  private TaggedYaml() {
    super(strict());
    yamlMultiConstructors.put("!", new LongForm());
    // A date such as a policy's Version stays the text that it is.
    yamlConstructors.put(Tag.TIMESTAMP, new Text());
  }

  static Map<?, ?> read(String text) {
    try {
      Object root = new Yaml(new TaggedYaml()).load(text);
      if (root instanceof Map<?, ?> map) {
        return map;
      }
      throw new TemplateException("the document", "it is not a mapping");
    } catch (YAMLException e) {
      throw new TemplateException("the document", String.valueOf(e.getMessage()), e);
    }
  }

  private static LoaderOptions strict() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return options;
  }

  private static final class Text extends AbstractConstruct {
    @Override
    public Object construct(Node node) {
      return ((ScalarNode) node).getValue();
    }
  }

  private final class LongForm extends AbstractConstruct {
    @Override
    public Object construct(Node node) {
      String tag = node.getTag().getValue().substring(1);
      Object value = valueOf(node);
      if (BARE_TAGS.contains(tag)) {
        return Map.of(tag, value);
      }
      if (!TAGS.contains(tag)) {
        int line = node.getStartMark().getLine() + 1;
        throw new TemplateException("line " + line, "!" + tag + " is not supported locally");
      }
      return Map.of("Fn::" + tag, tag.equals("GetAtt") ? attributePath(value) : value);
    }

    private Object valueOf(Node node) {
      return switch (node) {
        case ScalarNode scalar -> constructScalar(scalar);
        case SequenceNode sequence -> constructSequence(sequence);
        case MappingNode mapping -> constructMapping(mapping);
        default -> throw new IllegalStateException("a YAML node of type " + node.getNodeId());
      };
    }

    private static Object attributePath(Object value) {
      if (!(value instanceof String text)) {
        return value;
      }
      int dot = text.indexOf('.');
      return dot < 0
          ? List.of(text)
          : Arrays.asList(text.substring(0, dot), text.substring(dot + 1));
    }
  }
}
