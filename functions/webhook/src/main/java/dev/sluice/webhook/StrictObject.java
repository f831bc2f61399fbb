package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import io.micronaut.json.tree.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A JSON object of our own contract: it has the fields that it must have, of their types, and no
 * others. Each method throws {@link CallbackRefused} if not.
 */
final class StrictObject {
  private final JsonNode node;

  StrictObject(JsonNode node, Set<String> names) {
    this.node = checked(node, node.isObject());
    node.entries().forEach(entry -> checked(node, names.contains(entry.getKey())));
  }

  boolean has(String name) {
    return node.get(name) != null;
  }

  String text(String name) {
    var value = field(name);
    return checked(value, value.isString()).getStringValue();
  }

  /** A text that has this shape from end to end. */
  String text(String name, Pattern shape) {
    var text = text(name);
    checked(node, shape.matcher(text).matches());
    return text;
  }

  /** A whole number within these bounds, both included. */
  long integer(String name, long least, long most) {
    var value = field(name);
    var number = checked(value, value.isNumber()).getNumberValue();
    long whole = number.longValue();
    checked(value, number.doubleValue() == whole && whole >= least && whole <= most);
    return whole;
  }

  List<JsonNode> list(String name) {
    var value = checked(field(name), field(name).isArray());
    var values = new ArrayList<JsonNode>();
    value.values().forEach(values::add);
    return values;
  }

  StrictObject object(String name, Set<String> names) {
    return new StrictObject(field(name), names);
  }

  private JsonNode field(String name) {
    var value = node.get(name);
    if (value == null) {
      throw new CallbackRefused("body_malformed");
    }
    return value;
  }

  private static JsonNode checked(JsonNode node, boolean holds) {
    if (!holds) {
      throw new CallbackRefused("body_malformed");
    }
    return node;
  }
}
