package dev.sluice.localstack.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Evaluates intrinsic functions in their long form, wherever they stand. */
final class Intrinsics {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]+)}");
  private static final Set<String> CONDITION_KEYS =
      Set.of("Condition", "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or");

  private final References references;

  Intrinsics(References references) {
    this.references = references;
  }

  /** The value with all functions evaluated: maps, lists, text, numbers and booleans only. */
  Object evaluate(String place, Object value) {
    return switch (value) {
      case Map<?, ?> map when isFunction(map) -> call(place, map);
      case Map<?, ?> map -> evaluateMap(place, map);
      case List<?> list -> evaluateList(place, list);
      default -> value;
    };
  }

  String text(String place, Object value) {
    Object result = evaluate(place, value);
    if (result instanceof Map || result instanceof List) {
      throw new TemplateException(place, "text is expected here, not a list or a mapping");
    }
    return String.valueOf(result);
  }

  boolean condition(String place, Object value) {
    if (value instanceof Map<?, ?> map && map.size() == 1) {
      Map.Entry<?, ?> call = map.entrySet().iterator().next();
      String function = String.valueOf(call.getKey());
      Object argument = call.getValue();
      return switch (function) {
        case "Condition" -> references.condition(place, String.valueOf(argument));
        case "Fn::Not" -> !condition(place, arguments(place, function, argument, 1).getFirst());
        case "Fn::And" -> operands(place, function, argument).allMatch(o -> condition(place, o));
        case "Fn::Or" -> operands(place, function, argument).anyMatch(o -> condition(place, o));
        case "Fn::Equals" -> {
          List<?> sides = arguments(place, function, argument, 2);
          yield evaluate(place, sides.get(0)).equals(evaluate(place, sides.get(1)));
        }
        default -> throw new TemplateException(place, function + " is not a condition");
      };
    }
    throw new TemplateException(place, "a condition is expected here");
  }

  private static boolean isFunction(Map<?, ?> map) {
    if (map.size() != 1) {
      return false;
    }
    String key = String.valueOf(map.keySet().iterator().next());
    return key.equals("Ref") || key.startsWith("Fn::");
  }

  private Map<String, Object> evaluateMap(String place, Map<?, ?> map) {
    Map<String, Object> result = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (value == null) {
            throw new TemplateException(place + "." + key, "the value is missing");
          }
          Object evaluated = evaluate(place + "." + key, value);
          if (evaluated != References.NO_VALUE) {
            result.put(String.valueOf(key), evaluated);
          }
        });
    return result;
  }

  private List<Object> evaluateList(String place, List<?> list) {
    List<Object> result = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Object evaluated = evaluate(place + "[" + i + "]", list.get(i));
      if (evaluated != References.NO_VALUE) {
        result.add(evaluated);
      }
    }
    return result;
  }

  private Object call(String place, Map<?, ?> map) {
    String function = String.valueOf(map.keySet().iterator().next());
    Object argument = map.values().iterator().next();
    if (CONDITION_KEYS.contains(function)) {
      return condition(place, map);
    }
    return switch (function) {
      case "Ref" -> references.ref(place, String.valueOf(argument));
      case "Fn::GetAtt" -> attribute(place, argument);
      case "Fn::Sub" -> substitute(place, argument);
      case "Fn::If" -> choose(place, argument);
      case "Fn::Join" -> join(place, argument);
      case "Fn::Select" -> select(place, argument);
      case "Fn::Split" -> split(place, argument);
      default -> throw new TemplateException(place, function + " is not supported locally");
    };
  }

  private String attribute(String place, Object argument) {
    List<?> path = arguments(place, "Fn::GetAtt", argument, 2);
    return references.attribute(place, text(place, path.get(0)), text(place, path.get(1)));
  }

  private Object choose(String place, Object argument) {
    List<?> parts = arguments(place, "Fn::If", argument, 3);
    boolean holds = references.condition(place, String.valueOf(parts.getFirst()));
    return evaluate(place, parts.get(holds ? 1 : 2));
  }

  private String join(String place, Object argument) {
    List<?> parts = arguments(place, "Fn::Join", argument, 2);
    List<String> words = list(place, parts.get(1)).stream().map(w -> text(place, w)).toList();
    return String.join(text(place, parts.getFirst()), words);
  }

  private Object select(String place, Object argument) {
    List<?> parts = arguments(place, "Fn::Select", argument, 2);
    List<?> choices = list(place, parts.get(1));
    int index = Integer.parseInt(text(place, parts.getFirst()));
    if (index < 0 || index >= choices.size()) {
      throw new TemplateException(
          place, "Fn::Select asks for item " + index + " of " + choices.size());
    }
    return choices.get(index);
  }

  private List<String> split(String place, Object argument) {
    List<?> parts = arguments(place, "Fn::Split", argument, 2);
    String separator = Pattern.quote(text(place, parts.getFirst()));
    return Arrays.asList(text(place, parts.get(1)).split(separator, -1));
  }

  private String substitute(String place, Object argument) {
    if (argument instanceof List<?>) {
      List<?> parts = arguments(place, "Fn::Sub", argument, 2);
      if (!(parts.get(1) instanceof Map<?, ?> own)) {
        throw new TemplateException(place, "Fn::Sub needs a mapping as its second argument");
      }
      return substitute(place, String.valueOf(parts.getFirst()), own);
    }
    return substitute(place, String.valueOf(argument), Map.of());
  }

  private String substitute(String place, String pattern, Map<?, ?> own) {
    String filled =
        VARIABLE
            .matcher(pattern)
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(variable(place, match.group(1), match.group(2), own)));
    return references.substituted(filled);
  }

  private String variable(String place, String literal, String name, Map<?, ?> own) {
    if (!literal.isEmpty()) {
      return "${" + name + "}";
    }
    Object value = own.get(name);
    if (value != null) {
      return text(place, value);
    }
    int dot = name.indexOf('.');
    return dot < 0
        ? text(place, references.ref(place, name))
        : references.attribute(place, name.substring(0, dot), name.substring(dot + 1));
  }

  private List<?> list(String place, Object value) {
    if (evaluate(place, value) instanceof List<?> list) {
      return list;
    }
    throw new TemplateException(place, "a list is expected here");
  }

  private Stream<?> operands(String place, String function, Object argument) {
    if (argument instanceof List<?> list) {
      return list.stream();
    }
    throw new TemplateException(place, function + " needs a list of conditions");
  }

  private static List<?> arguments(String place, String function, Object argument, int count) {
    if (argument instanceof List<?> list && list.size() == count) {
      return list;
    }
    throw new TemplateException(place, "%s needs a list of %d".formatted(function, count));
  }
}
